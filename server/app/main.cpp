#include "app/command_line.hpp"

int main(int argc, char** argv)
{
    return shouwen::app::run(argc, argv);
}
