package dev.butterfly.odyssey;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import redis.clients.jedis.exceptions.JedisException;

/// Odyssey's API. A journey is answered with 201 only when the master and a replica have it;
/// sending the same one again is answered the same way, another value under its id with 409. 503
/// while the master cannot be reached, does not take writes, or has no replica that confirms them:
/// then it is not known whether a write stays.
@RestController
@RequestMapping("/api/journeys")
final class JourneyController {
  private static final Logger LOG = LoggerFactory.getLogger(JourneyController.class);
  private static final int LONGEST_VALUE = 64 * 1024;
  private static final int LONGEST_PAGE = 10_000;

  private final JourneyKeys journeys;

  JourneyController(JourneyKeys journeys) {
    this.journeys = journeys;
  }

  /// A journey as a client sends it.
  record Draft(@Nullable Long id, @Nullable String value) {}

  @PostMapping
  ResponseEntity<Map<String, Object>> write(@RequestBody Draft draft) {
    Long id = draft.id();
    String value = draft.value();
    if (id == null || value == null || value.length() > LONGEST_VALUE) {
      return answer(HttpStatus.BAD_REQUEST, "a journey has an id and a value");
    }
    return switch (journeys.write(id, value)) {
      case KEPT -> ResponseEntity.status(HttpStatus.CREATED).body(Map.of("id", id));
      case OTHER_VALUE -> answer(HttpStatus.CONFLICT, "journey " + id + " has another value");
      case UNCONFIRMED -> unavailable("no replica confirmed journey " + id);
    };
  }

  @GetMapping("/{id}")
  ResponseEntity<Journey> read(@PathVariable long id) {
    return ResponseEntity.of(journeys.read(id));
  }

  @GetMapping
  List<Journey> page(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "1000") int limit) {
    return journeys.page(after, Math.clamp(limit, 1, LONGEST_PAGE));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> unavailable(JedisException e) {
    return unavailable(String.valueOf(e.getMessage()));
  }

  private static ResponseEntity<Map<String, Object>> unavailable(String why) {
    LOG.error("a request failed: {}", why);
    return answer(HttpStatus.SERVICE_UNAVAILABLE, "Redis does not serve this now");
  }

  private static ResponseEntity<Map<String, Object>> answer(HttpStatus status, String error) {
    return ResponseEntity.status(status).body(Map.of("error", error));
  }
}
