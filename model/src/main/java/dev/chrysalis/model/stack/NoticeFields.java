package dev.chrysalis.model.stack;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads the entries of `notify`, each with the keys of its kind.
final class NoticeFields {
  private static final String NAME = "[a-z]([a-z0-9-]{0,40}[a-z0-9])?";
  private static final String PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";

  private static final String TEXT =
      """
      ${stack}, ${scenario}: ${state}
      ${detail}
      ${elapsed} of ${objective}. Loss: ${loss}.
      Run ${run}. Next: ${next}\
      """;
  private static final String LINE = "${stack}, ${scenario}: ${state}";

  private final YamlFields f;

  private NoticeFields(YamlFields f) {
    this.f = f;
  }

  static NoticeChannel read(YamlFields f) {
    return new NoticeFields(f).channel();
  }

  private NoticeChannel channel() {
    String kind = f.text("kind");
    return switch (kind) {
      case "slack" -> new NoticeChannel.Slack(about(TEXT), path("urlFile"));
      case "webhook" ->
          new NoticeChannel.Webhook(
              about(TEXT), endpoint(null), f.has("secretFile") ? path("secretFile") : null);
      case "pagerduty" ->
          new NoticeChannel.PagerDuty(about(LINE), endpoint(PAGERDUTY), path("secretFile"));
      case "email" -> email();
      default -> throw f.bad("kind", "must be slack, webhook, email or pagerduty");
    };
  }

  private NoticeChannel email() {
    NoticeChannel.Security security =
        f.has("security")
            ? f.parsed("security", NoticeFields::security)
            : NoticeChannel.Security.STARTTLS;
    NoticeChannel.About about = about(TEXT);
    String host = f.text("host");
    int port = f.numberOr("port", usualPort(security), 1, 65535);
    NoticeChannel.Login login =
        f.has("user") ? new NoticeChannel.Login(f.text("user"), path("passwordFile")) : null;
    String from = f.parsed("from", NoticeChannel.Email::address);
    NoticeTemplate subject = template("subject", LINE + " (${run})");
    List<String> to = f.texts("to");
    return checked(
        "to", () -> new NoticeChannel.Email(about, host, port, security, login, from, to, subject));
  }

  private NoticeChannel.About about(String text) {
    String name = f.text("name");
    if (!name.matches(NAME)) {
      throw f.bad("name", "must be a plain name: small letters, digits, hyphens");
    }
    return new NoticeChannel.About(name, states(), template("text", text));
  }

  private Set<NoticeState> states() {
    if (!f.has("states")) {
      return EnumSet.allOf(NoticeState.class);
    }
    return checked(
        "states",
        () -> {
          List<NoticeState> named = f.texts("states").stream().map(NoticeState::parse).toList();
          return named.isEmpty() ? nothing() : EnumSet.copyOf(named);
        });
  }

  private static Set<NoticeState> nothing() {
    throw new IllegalArgumentException("names no state; leave it out for all");
  }

  private NoticeTemplate template(String key, String otherwise) {
    return f.has(key) ? f.parsed(key, NoticeTemplate::new) : new NoticeTemplate(otherwise);
  }

  private NoticeChannel.Endpoint endpoint(@Nullable String usual) {
    boolean written = f.has("url");
    if (f.has("urlFile")) {
      if (written) {
        throw f.bad("urlFile", "stands beside url: give one of them");
      }
      return new NoticeChannel.Endpoint.InFile(path("urlFile"));
    }
    return written || usual == null
        ? f.parsed("url", NoticeChannel.Endpoint.Written::new)
        : new NoticeChannel.Endpoint.Written(usual);
  }

  private Path path(String key) {
    Path path = Path.of(f.text(key));
    if (!path.isAbsolute()) {
      throw f.bad(key, "must be an absolute path");
    }
    return path;
  }

  private <T> T checked(String key, Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException e) {
      throw f.bad(key, String.valueOf(e.getMessage()));
    }
  }

  private static int usualPort(NoticeChannel.Security security) {
    return switch (security) {
      case STARTTLS -> 587;
      case TLS -> 465;
      case NONE -> 25;
    };
  }

  private static NoticeChannel.Security security(String word) {
    return switch (word) {
      case "starttls", "tls", "none" ->
          NoticeChannel.Security.valueOf(word.toUpperCase(Locale.ROOT));
      default -> throw new IllegalArgumentException("must be starttls, tls or none");
    };
  }
}
