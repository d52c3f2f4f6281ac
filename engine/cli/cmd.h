/* cmd: one function per verb.  argv[0] is the verb; the value is the exit code. */
#ifndef VX_CLI_CMD_H
#define VX_CLI_CMD_H

int cmd_build(int argc, char **argv);
int cmd_get(int argc, char **argv);
int cmd_region(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_verify(int argc, char **argv);

#endif
