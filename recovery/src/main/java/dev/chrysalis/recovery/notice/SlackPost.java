package dev.chrysalis.recovery.notice;

import dev.chrysalis.model.stack.NoticeChannel;
import dev.chrysalis.model.stack.NoticeState;
import java.util.HashMap;
import java.util.Map;

/// A message to an incoming webhook of Slack. What is filled in can neither mention people nor make
/// links.
record SlackPost(NoticeChannel.Slack channel, WebPost web) implements Channel {
  @Override
  public String name() {
    return channel.name();
  }

  @Override
  public boolean wants(NoticeState state) {
    return channel.about().states().contains(state);
  }

  @Override
  public Answer deliver(Notice notice) {
    Map<String, String> values = new HashMap<>(notice.values());
    values.replaceAll((key, value) -> escape(value));
    return web.post(
        new NoticeChannel.Endpoint.InFile(channel.urlFile()),
        Json.of(Map.of("text", channel.about().text().fill(values))),
        Map.of("Content-Type", "application/json; charset=utf-8"));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
