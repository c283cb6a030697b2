package dev.chrysalis.recovery.notice;

import dev.chrysalis.model.stack.NoticeChannel;
import dev.chrysalis.model.stack.NoticeState;
import java.util.LinkedHashMap;
import java.util.Map;

/// An event of PagerDuty's Events API, version 2: a run is one alert, which the verified end
/// resolves and nothing else does.
record PagerDutyPost(NoticeChannel.PagerDuty channel, WebPost web) implements Channel {
  private static final int LONGEST_SUMMARY = 1024;

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
    return post(notice, notice.state() == NoticeState.RECOVERED, severity(notice.state()));
  }

  @Override
  public Answer test(Notice notice) {
    Answer triggered = post(notice, false, "info");
    return triggered instanceof Answer.Delivered ? post(notice, true, "info") : triggered;
  }

  private Answer post(Notice notice, boolean resolve, String severity) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("routing_key", new SecretFile("secretFile", channel.keyFile()).read());
    event.put("event_action", resolve ? "resolve" : "trigger");
    event.put("dedup_key", notice.run());
    event.put("client", "Chrysalis");
    event.put("payload", payload(notice, severity));
    return web.post(channel.endpoint(), Json.of(event), Map.of("Content-Type", "application/json"));
  }

  private Map<String, Object> payload(Notice notice, String severity) {
    String summary = channel.about().text().fill(notice.values());
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put(
        "summary",
        summary.length() <= LONGEST_SUMMARY ? summary : summary.substring(0, LONGEST_SUMMARY));
    payload.put("source", notice.value("stack"));
    payload.put("severity", severity);
    payload.put("timestamp", notice.at().toString());
    payload.put("component", notice.value("scenario"));
    payload.put("group", notice.value("stack"));
    payload.put("class", notice.value("state"));
    payload.put("custom_details", notice.values());
    return payload;
  }

  private static String severity(NoticeState state) {
    return switch (state) {
      case WAITING, FAILED, ABORTED -> "critical";
      case STARTED, RESUMED, GIVEN_BACK -> "error";
      case RECOVERED -> "info";
    };
  }
}
