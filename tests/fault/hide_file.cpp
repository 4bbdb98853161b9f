// Preloaded: files whose path ends with SHOUWEN_HIDDEN_FILE are as good as absent, so that a program can be tried on a machine
// where a data file was not installed.
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <string_view>

namespace {

bool is_hidden(const char* path)
{
    static const char* hidden = std::getenv("SHOUWEN_HIDDEN_FILE");
    if (!hidden || !std::string_view{path}.ends_with(hidden)) return false;
    errno = ENOENT;
    return true;
}

template <class Function>
Function* real(const char* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" FILE* fopen(const char* path, const char* mode)
{
    return is_hidden(path) ? nullptr : real<FILE*(const char*, const char*)>("fopen")(path, mode);
}

extern "C" FILE* fopen64(const char* path, const char* mode)
{
    return is_hidden(path) ? nullptr : real<FILE*(const char*, const char*)>("fopen64")(path, mode);
}
