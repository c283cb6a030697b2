package dev.butterfly.perception;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
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

/// Perception's API. A rim is answered with 201 only when it is committed; sending the same one
/// again is answered the same way, another value under its id with 409. 503 while the database
/// cannot be reached or does not take writes: then it is not known whether a write was committed.
@RestController
@RequestMapping("/api/rims")
final class RimController {
  private static final Logger LOG = LoggerFactory.getLogger(RimController.class);
  private static final int LONGEST_VALUE = 64 * 1024;
  private static final int LONGEST_PAGE = 10_000;

  private final RimTable rims;

  RimController(RimTable rims) {
    this.rims = rims;
  }

  /// A rim as a client sends it.
  record Draft(@Nullable Long id, @Nullable String value) {}

  @PostMapping
  ResponseEntity<Map<String, Object>> write(@RequestBody Draft draft) {
    Long id = draft.id();
    String value = draft.value();
    if (id == null || value == null || value.length() > LONGEST_VALUE) {
      return answer(HttpStatus.BAD_REQUEST, "a rim has an id and a value");
    }
    return rims.write(id, value)
        ? ResponseEntity.status(HttpStatus.CREATED).body(Map.of("id", id))
        : answer(HttpStatus.CONFLICT, "rim " + id + " has another value");
  }

  @GetMapping("/{id}")
  ResponseEntity<Rim> read(@PathVariable long id) {
    return ResponseEntity.of(rims.read(id));
  }

  @GetMapping
  List<Rim> page(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "1000") int limit) {
    return rims.page(after, Math.clamp(limit, 1, LONGEST_PAGE));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> unavailable(DataAccessException e) {
    LOG.error("a request failed: {}", e.getMessage());
    return answer(HttpStatus.SERVICE_UNAVAILABLE, "the database does not serve this now");
  }

  private static ResponseEntity<Map<String, Object>> answer(HttpStatus status, String error) {
    return ResponseEntity.status(status).body(Map.of("error", error));
  }
}
