package dev.chrysalis.postgres.control;

import java.util.LinkedHashMap;
import java.util.Map;

/// An agent's answer, read for the questions that steps ask.
record MemberStatusView(Map<String, String> status) {
  boolean primary() {
    return "primary".equals(status.get("role"));
  }

  boolean primaryAbove(int timeline) {
    return primary() && Integer.parseInt(status.getOrDefault("timeline", "0")) > timeline;
  }

  boolean streaming() {
    return "streaming".equals(status.get("receiver.status"));
  }

  Map<String, String> facts(String... keys) {
    Map<String, String> facts = new LinkedHashMap<>();
    for (String key : keys) {
      facts.put(key, status.getOrDefault(key, ""));
    }
    return facts;
  }
}
