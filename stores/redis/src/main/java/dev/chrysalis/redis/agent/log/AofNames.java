package dev.chrysalis.redis.agent.log;

/// How a server names its files, by its configuration.
///
/// @param appendFile `appendfilename`
/// @param appendFolder `appenddirname`, from Redis 7 on
/// @param rdb `dbfilename`
/// @param acl `aclfile`; empty where it has none
record AofNames(String appendFile, String appendFolder, String rdb, String acl) {
  AofNames {
    plain(appendFile);
    plain(appendFolder);
    plain(rdb);
  }

  private static void plain(String name) {
    if (name.isEmpty() || name.contains("/") || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException("not the name of a file: " + name);
    }
  }
}
