"""What TensorBoard makes of a folder of event files: python read_events.py FOLDER prints one JSON object.

{"runs": {RUN: {"scalars": {TAG: [[step, value, wall time], ...]}, "histograms": {TAG: [[step, [limit, ...], [count, ...]], ...]}}},
"sessions": [{"name": RUN, "hparams": {...}, "status": n, "metrics": {"GROUP/TAG": value}}, ...], "hparams": [name, ...]}; the
sessions as the plugin for hyperparameters lists them. The folder itself is the run ".".
"""
import json
import sys

from google.protobuf import struct_pb2
from tensorboard.backend.event_processing import data_provider, event_multiplexer
from tensorboard.backend.event_processing import plugin_event_multiplexer
from tensorboard.context import RequestContext
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, get_experiment, list_session_groups

folder = sys.argv[1]


def plain(run):
    """By TensorBoard's first reader, which keeps values as they were written."""
    tags = run.Tags()
    return {
        "scalars": {
            tag: [[event.step, event.value, event.wall_time] for event in run.Scalars(tag)] for tag in tags["scalars"]
        },
        "histograms": {
            tag: [
                [
                    event.step,
                    list(event.histogram_value.bucket_limit),
                    list(event.histogram_value.bucket),
                ]
                for event in run.Histograms(tag)
            ]
            for tag in tags["histograms"]
        },
    }


def value_of(value: struct_pb2.Value):
    return getattr(value, value.WhichOneof("kind"))


runs = event_multiplexer.EventMultiplexer(size_guidance={"scalars": 0, "histograms": 0})
runs.AddRunsFromDirectory(folder).Reload()

served = plugin_event_multiplexer.EventMultiplexer()
served.AddRunsFromDirectory(folder)
served.Reload()
context = base_plugin.TBContext(
    data_provider=data_provider.MultiplexerDataProvider(served, folder), logdir=folder
)
plugin, request = backend_context.Context(context), RequestContext()
experiment = get_experiment.Handler(request, plugin, "", api_pb2.GetExperimentRequest()).run()
asked = api_pb2.ListSessionGroupsRequest(start_index=0, slice_size=100, allowed_statuses=[0, 1, 2, 3])
asked.col_params.extend(
    api_pb2.ColParams(metric=info.name) for info in experiment.metric_infos
)
listed = list_session_groups.Handler(request, plugin, "", asked).run()

print(json.dumps({
    "runs": {name: plain(runs.GetAccumulator(name)) for name in sorted(runs.Runs())},
    "hparams": [info.name for info in experiment.hparam_infos],
    "sessions": [
        {
            "name": session.name,
            "status": session.status,
            "hparams": {name: value_of(value) for name, value in group.hparams.items()},
            "metrics": {
                "/".join(filter(None, (value.name.group, value.name.tag))): value.value for value in session.metric_values
            },
        }
        for group in listed.session_groups
        for session in group.sessions
    ],
}))
