package dev.butterfly.nexus;

import dev.butterfly.nexus.NeededService.Answer;
import dev.butterfly.nexus.Needs.Overview;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Nexus's API: what serves, and perception's rims passed through, so that one request shows the
/// whole chain down to the database. What perception answers is answered as it is; 503 where it
/// does not answer.
@RestController
final class NexusController {
  private static final Logger LOG = LoggerFactory.getLogger(NexusController.class);
  private static final String RIMS = "/api/rims";
  private static final String SILENCE = "{\"error\":\"perception does not answer\"}";

  private final Needs needs;
  private final NeededService perception;

  NexusController(Needs needs, NeededService perception) {
    this.needs = needs;
    this.perception = perception;
  }

  /// 200 where all serve, else 503; says it of each.
  @GetMapping("/api/overview")
  ResponseEntity<Overview> overview() {
    Overview now = needs.look();
    if (!now.whole()) {
      LOG.error("the overview is not whole: {}", now.serves());
    }
    return ResponseEntity.status(now.whole() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .body(now);
  }

  /// A rim may be sent twice: the same value under one id is acknowledged again.
  @PostMapping(RIMS)
  ResponseEntity<String> write(@RequestBody String rim) {
    return passedOn("a rim was not written", perception.post(RIMS, rim));
  }

  @GetMapping(RIMS + "/{id}")
  ResponseEntity<String> read(@PathVariable long id) {
    return passedOn("rim " + id + " was not read", perception.get(RIMS + "/" + id));
  }

  private static ResponseEntity<String> passedOn(String failure, Optional<Answer> answer) {
    Answer told = answer.orElse(new Answer(HttpStatus.SERVICE_UNAVAILABLE.value(), SILENCE));
    if (told.failed()) {
      LOG.error("{}: {}", failure, answer.isPresent() ? "status " + told.status() : "no answer");
    }
    return ResponseEntity.status(told.status())
        .contentType(MediaType.APPLICATION_JSON)
        .body(told.body());
  }
}
