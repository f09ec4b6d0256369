// The file that JavaScript loads. It loads the binding beside it with stderr closed, because libtensorflow writes two lines to it
// while it is loaded, before any of its settings have an effect. Nothing here is linked with libtensorflow.
#include <dlfcn.h>
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

#include <string>

namespace {

// As long as it exists, anything written to stderr is lost.
class Silence {
 public:
  Silence() : stderr_(dup(STDERR_FILENO)) {
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
  }
  ~Silence() {
    dup2(stderr_, STDERR_FILENO);
    close(stderr_);
  }

 private:
  const int stderr_;
};

// The path of a file in the folder that this library was loaded from.
std::string besideThis(const char* name) {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&besideThis), &info) == 0) return name;
  const std::string path = info.dli_fname;
  return path.substr(0, path.rfind('/') + 1) + name;
}

void* loadBinding() {
  const Silence silence;
  return dlopen(besideThis(AUTOMLP_BINDING).c_str(), RTLD_NOW);
}

}  // namespace

NAPI_MODULE_INIT() {
  using Init = napi_value (*)(napi_env, napi_value);
  void* binding = loadBinding();
  const auto init = binding ? reinterpret_cast<Init>(dlsym(binding, "napi_register_module_v1")) : nullptr;
  if (!init) {
    napi_throw_error(env, nullptr, dlerror());
    return nullptr;
  }
  return init(env, exports);
}
