#include "op.h"

#include <cstdio>

namespace automlp {

void* readAttributes(TF_OpKernelConstruction* construction) {
  auto* attributes = new Attributes();
  TF_Status* status = TF_NewStatus();
  if (TF_OpKernelConstruction_HasAttr(construction, "number", status)) {
    TF_OpKernelConstruction_GetAttrFloat(construction, "number", &attributes->number, status);
  }
  if (TF_OpKernelConstruction_HasAttr(construction, "first", status)) {
    TF_Bool first = 0;
    TF_OpKernelConstruction_GetAttrBool(construction, "first", &first, status);
    attributes->first = first != 0;
  }
  if (TF_OpKernelConstruction_HasAttr(construction, "count", status)) {
    TF_OpKernelConstruction_GetAttrInt64(construction, "count", &attributes->count, status);
  }
  if (TF_OpKernelConstruction_HasAttr(construction, "flag", status)) {
    TF_Bool flag = 0;
    TF_OpKernelConstruction_GetAttrBool(construction, "flag", &flag, status);
    attributes->flag = flag != 0;
  }
  TF_DeleteStatus(status);
  return attributes;
}

static void forget(void* attributes) { delete static_cast<Attributes*>(attributes); }

Register::Register(const char* name, std::initializer_list<const char*> inputs,
                   std::initializer_list<const char*> outputs, std::initializer_list<const char*> attributes,
                   void* (*create)(TF_OpKernelConstruction*), void (*compute)(void*, TF_OpKernelContext*)) {
  TF_Status* status = TF_NewStatus();
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(name);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(
      definition, [](TF_ShapeInferenceContext* context, TF_Status* s) { TF_ShapeInferenceContextSetUnknownShape(context, s); });
  TF_RegisterOpDefinition(definition, status);
  // If a second JavaScript thread loads the library, the operation is registered already, which is fine.
  if (TF_GetCode(status) == TF_OK) {
    TF_RegisterKernelBuilder(name, TF_NewKernelBuilder(name, "CPU", create, compute, forget), status);
  }
  if (TF_GetCode(status) != TF_OK && TF_GetCode(status) != TF_ALREADY_EXISTS) {
    std::fprintf(stderr, "Cannot register %s: %s\n", name, TF_Message(status));
  }
  TF_DeleteStatus(status);
}

}  // namespace automlp
