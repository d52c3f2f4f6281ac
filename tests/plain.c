/* The command, linked so that TEST_CPU=plain takes the wide paths from it: see tests/plain.h. */
#include "plain.h"

int main(int argc, char **argv);
