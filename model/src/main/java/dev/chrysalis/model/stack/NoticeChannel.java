package dev.chrysalis.model.stack;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A way by which stakeholders are told about runs. Secrets (addresses that let anybody post, keys,
/// passwords) stand in files that it names.
public sealed interface NoticeChannel {
  /// What all kinds have.
  About about();

  default String name() {
    return about().name();
  }

  /// @param states of which it is told
  /// @param text what is said
  record About(String name, Set<NoticeState> states, NoticeTemplate text) {
    public About {
      states = Set.copyOf(states);
      if (states.isEmpty()) {
        throw new IllegalArgumentException("names no state");
      }
    }
  }

  /// An incoming webhook of Slack, or of who speaks like it.
  ///
  /// @param urlFile its first line is the address, with which anybody can post
  record Slack(About about, Path urlFile) implements NoticeChannel {}

  /// Any receiver: CloudEvents 1.0 as JSON in structured mode.
  ///
  /// @param secretOrNull a file whose first line is the key of the signature; null to sign nothing
  record Webhook(About about, Endpoint endpoint, @Nullable Path secretOrNull)
      implements NoticeChannel {
    public Optional<Path> secretFile() {
      return Optional.ofNullable(secretOrNull);
    }
  }

  /// PagerDuty's Events API, version 2.
  ///
  /// @param keyFile its first line is the integration's routing key
  record PagerDuty(About about, Endpoint endpoint, Path keyFile) implements NoticeChannel {}

  /// Mail by SMTP.
  ///
  /// @param loginOrNull null to send without one
  record Email(
      About about,
      String host,
      int port,
      Security security,
      @Nullable Login loginOrNull,
      String from,
      List<String> to,
      NoticeTemplate subject)
      implements NoticeChannel {
    private static final Pattern ADDRESS = Pattern.compile("[^\\s@<>,;:\"()]+@[^\\s@<>,;:\"()]+");

    public Email {
      to = List.copyOf(to);
      if (to.isEmpty()) {
        throw new IllegalArgumentException("names no recipient");
      }
      address(from);
      to.forEach(Email::address);
      if (loginOrNull != null && security == Security.NONE && !isThisMachine(host)) {
        throw new IllegalArgumentException(
            "would send a password that anybody on the way can read: use security starttls or tls");
      }
    }

    /// A plain address of mail, as it is; `IllegalArgumentException` for any other text.
    public static String address(String text) {
      if (!ADDRESS.matcher(text).matches()) {
        throw new IllegalArgumentException("must be a mail address: name@example.org");
      }
      return text;
    }

    public Optional<Login> login() {
      return Optional.ofNullable(loginOrNull);
    }

    private static boolean isThisMachine(String host) {
      return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }
  }

  /// How the way to a mail server is kept private.
  enum Security {
    /// Begins plain and must become TLS before anything is said.
    STARTTLS,
    TLS,
    NONE
  }

  /// @param passwordFile its first line is the password
  record Login(String user, Path passwordFile) {}

  /// Where something is posted to.
  sealed interface Endpoint {
    /// An address that is no secret: without user, query and fragment.
    record Written(String url) implements Endpoint {
      private static final Pattern PLAIN =
          Pattern.compile("https?://[A-Za-z0-9.\\[\\]:-]+(/[A-Za-z0-9._~/-]*)?");

      public Written {
        if (!PLAIN.matcher(url).matches()) {
          throw new IllegalArgumentException(
              "must be a plain http(s) address; with a user or a query it is a secret: urlFile");
        }
      }
    }

    /// @param file its first line is the address
    record InFile(Path file) implements Endpoint {}
  }
}
