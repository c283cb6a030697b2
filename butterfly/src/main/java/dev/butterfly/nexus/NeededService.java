package dev.butterfly.nexus;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A service that nexus needs, at any of its members. Safe for many threads.
///
/// 1. The member that answered last is asked first.
/// 2. Where one does not answer in time, or answers with 5xx, the next is asked.
/// 3. Where none did better, the last 5xx is the answer; where none answered at all, there is none.
final class NeededService {
  /// The platform gives a readiness probe one second.
  private static final Duration READINESS_PATIENCE = Duration.ofMillis(800);

  private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(2);
  private static final String READINESS = "/actuator/health/readiness";
  private static final String JSON = "application/json";

  private final String name;
  private final List<URI> members;
  private final HttpClient http;
  private volatile int preferred;

  NeededService(String name, List<URI> members, HttpClient http) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException(name + " has no members");
    }
    this.name = name;
    this.members = List.copyOf(members);
    this.http = http;
  }

  /// What a member answered.
  record Answer(int status, String body) {
    boolean failed() {
      return status >= 500;
    }
  }

  /// Addresses as the environment has them: `http://127.1.2.3:8080,http://127.1.2.4:8080`.
  static List<URI> addresses(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(address -> !address.isEmpty())
        .map(URI::create)
        .toList();
  }

  String name() {
    return name;
  }

  /// Whether a member says that it is ready.
  boolean serves() {
    Duration each = READINESS_PATIENCE.dividedBy(members.size());
    return send(each, HttpRequest.newBuilder().GET(), READINESS)
        .filter(answer -> answer.status() == 200)
        .isPresent();
  }

  /// Reads from a member.
  Optional<Answer> get(String path) {
    return send(REQUEST_PATIENCE, HttpRequest.newBuilder().GET(), path);
  }

  /// Sends to a member what may be sent twice: a member that did not answer in time may have done
  /// it.
  Optional<Answer> post(String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder().header("Content-Type", JSON).POST(BodyPublishers.ofString(body));
    return send(REQUEST_PATIENCE, request, path);
  }

  private Optional<Answer> send(Duration each, HttpRequest.Builder request, String path) {
    int first = preferred;
    Optional<Answer> last = Optional.empty();
    for (int turn = 0; turn < members.size(); turn++) {
      int member = (first + turn) % members.size();
      Optional<Answer> answer =
          ask(request.copy().uri(members.get(member).resolve(path)).timeout(each).build());
      if (answer.filter(a -> !a.failed()).isPresent()) {
        preferred = member;
        return answer;
      }
      last = answer.isPresent() ? answer : last;
    }
    return last;
  }

  private Optional<Answer> ask(HttpRequest request) {
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      return Optional.of(new Answer(answer.statusCode(), answer.body()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
