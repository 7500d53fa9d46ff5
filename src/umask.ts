/** Imported first by every program: the files it creates are readable by their owner only. */
process.umask(0o077)
