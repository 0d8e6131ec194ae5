/* The address family of IP, by Windows' number: RTMv2 has it on every system. */
#ifndef AF_INET
#define AF_INET 2
#endif
