package dev.chrysalis.redis.server;

import java.nio.file.Path;
import java.util.Map;

/// A program and the variables that it needs to run.
record RedisProgram(Path server, Map<String, String> variables) {}
