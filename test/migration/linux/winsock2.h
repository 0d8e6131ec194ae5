/* The address family of the examples, by Windows' number. */
#ifndef AF_INET
#define AF_INET 2
#endif
