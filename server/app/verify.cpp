#include "app/command_line.hpp"
#include "app/centre.hpp"
#include <ostream>
namespace shouwen::app {
int verify(const StorePlace&, std::ostream&) { return 1; }
}
