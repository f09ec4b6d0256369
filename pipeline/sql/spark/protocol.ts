/**
 * The parts of Spark Connect's protocol that we need (Apache Spark, sql/connect/common/src/main/protobuf): SQL in, Arrow out,
 * tables sent, progress, interruption. Field numbers are Spark's; fields left out here are skipped.
 *
 * The text is inside a module because a package contains no other files.
 *
 * @module
 */
export const PROTOCOL = `
syntax = "proto3";
package spark.connect;

service SparkConnectService {
  rpc ExecutePlan(ExecutePlanRequest) returns (stream ExecutePlanResponse) {}
  rpc AnalyzePlan(AnalyzePlanRequest) returns (AnalyzePlanResponse) {}
  rpc Config(ConfigRequest) returns (ConfigResponse) {}
  rpc Interrupt(InterruptRequest) returns (InterruptResponse) {}
  rpc ReleaseSession(ReleaseSessionRequest) returns (ReleaseSessionResponse) {}
}

message UserContext { string user_id = 1; }

message SQL { string query = 1; }
message LocalRelation { optional bytes data = 1; optional string schema = 2; }
message Relation {
  oneof rel_type { SQL sql = 10; LocalRelation local_relation = 11; }
}

message SqlCommand { string sql = 1; }
message CreateDataFrameViewCommand { Relation input = 1; string name = 2; bool is_global = 3; bool replace = 4; }
message Command {
  oneof command_type {
    CreateDataFrameViewCommand create_dataframe_view = 3;
    SqlCommand sql_command = 5;
  }
}
message Plan { oneof op_type { Relation root = 1; Command command = 2; } }

message ExecutePlanRequest {
  string session_id = 1;
  UserContext user_context = 2;
  Plan plan = 3;
  optional string client_type = 4;
}
message ExecutePlanResponse {
  message ArrowBatch { int64 row_count = 1; bytes data = 2; }
  message ExecutionProgress {
    message StageInfo { int64 stage_id = 1; int64 num_tasks = 2; int64 num_completed_tasks = 3; }
    repeated StageInfo stages = 1;
  }
  oneof response_type { ArrowBatch arrow_batch = 2; ExecutionProgress execution_progress = 18; }
}

message AnalyzePlanRequest {
  string session_id = 1;
  UserContext user_context = 2;
  message InputFiles { Plan plan = 1; }
  message SparkVersion {}
  oneof analyze { InputFiles input_files = 9; SparkVersion spark_version = 10; }
  optional string client_type = 3;
}
message AnalyzePlanResponse {
  message InputFiles { repeated string files = 1; }
  message SparkVersion { string version = 1; }
  oneof result { InputFiles input_files = 7; SparkVersion spark_version = 8; }
}

message KeyValue { string key = 1; optional string value = 2; }
message ConfigRequest {
  string session_id = 1;
  UserContext user_context = 2;
  message Set { repeated KeyValue pairs = 1; }
  message Operation { oneof op_type { Set set = 1; } }
  Operation operation = 3;
  optional string client_type = 4;
}
message ConfigResponse { repeated KeyValue pairs = 2; }

message InterruptRequest {
  string session_id = 1;
  UserContext user_context = 2;
  enum InterruptType { INTERRUPT_TYPE_UNSPECIFIED = 0; INTERRUPT_TYPE_ALL = 1; }
  optional string client_type = 3;
  InterruptType interrupt_type = 4;
}
message InterruptResponse {}

message ReleaseSessionRequest { string session_id = 1; UserContext user_context = 2; optional string client_type = 3; }
message ReleaseSessionResponse {}
`;
