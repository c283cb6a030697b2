package dev.chrysalis.recovery.notice;

import dev.chrysalis.model.stack.NoticeChannel;
import dev.chrysalis.model.stack.NoticeState;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A CloudEvent 1.0, as JSON in structured mode, signed where the stack file names a key.
record WebhookPost(NoticeChannel.Webhook channel, WebPost web, Clock clock) implements Channel {
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
    String body = Json.of(event(notice));
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/cloudevents+json; charset=utf-8");
    Optional<Path> secret = channel.secretFile();
    if (secret.isPresent()) {
      SecretFile key = new SecretFile("secretFile", secret.get());
      headers.putAll(Signature.headers(key, notice.id(), clock.instant(), body));
    }
    return web.post(channel.endpoint(), body, headers);
  }

  private Map<String, Object> event(Notice notice) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("specversion", "1.0");
    event.put("id", notice.id());
    event.put("source", "/chrysalis/stacks/" + notice.value("stack"));
    event.put("type", "dev.chrysalis.run." + notice.value("state"));
    event.put("subject", notice.run());
    event.put("time", notice.at().toString());
    event.put("datacontenttype", "application/json");
    Map<String, String> data = new TreeMap<>(notice.values());
    data.put("text", channel.about().text().fill(notice.values()));
    event.put("data", data);
    return event;
  }
}
