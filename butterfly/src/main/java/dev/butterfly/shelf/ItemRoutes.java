package dev.butterfly.shelf;

import dev.butterfly.shelf.CassandraSession.Unreachable;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/// The API before a table of items: `POST path` keeps an item, `GET path/ID` reads it back, `GET
/// path?after=ID&limit=N` reads a page. An item is answered with 201 once a quorum of replicas has
/// it; sending the same one again is answered the same way, another value under its number with
/// 409. 503 while there is no quorum: then it is not known whether a write stays.
final class ItemRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(ItemRoutes.class);
  private static final int LONGEST_VALUE = 4 * 1024;
  private static final int LONGEST_PAGE = 10_000;

  private final String path;
  private final ItemTable items;

  /// @param path of the collection: `/api/capsules`
  ItemRoutes(String path, ItemTable items) {
    this.path = path;
    this.items = items;
  }

  /// An item as a client sends it.
  record Draft(@Nullable Long id, @Nullable String value) {}

  RouterFunction<ServerResponse> routes() {
    return RouterFunctions.route()
        .POST(path, this::write)
        .GET(path + "/{id}", this::read)
        .GET(path, this::page)
        .onError(Unreachable.class, (e, _) -> unavailable(e))
        .build();
  }

  private ServerResponse write(ServerRequest request) throws ServletException, IOException {
    Draft draft = request.body(Draft.class);
    Long id = draft.id();
    String value = draft.value();
    if (id == null || value == null || value.length() > LONGEST_VALUE) {
      return answer(HttpStatus.BAD_REQUEST, "an item has an id and a value");
    }
    return items.write(id, value)
        ? ServerResponse.status(HttpStatus.CREATED).body(Map.of("id", id))
        : answer(HttpStatus.CONFLICT, "item " + id + " has another value");
  }

  private ServerResponse read(ServerRequest request) {
    return items
        .read(number(request.pathVariable("id")))
        .map(item -> ServerResponse.ok().body(item))
        .orElseGet(() -> ServerResponse.notFound().build());
  }

  private ServerResponse page(ServerRequest request) {
    long after = request.param("after").map(ItemRoutes::number).orElse(0L);
    long limit = request.param("limit").map(ItemRoutes::number).orElse(1_000L);
    return ServerResponse.ok().body(items.page(after, Math.clamp(limit, 1, LONGEST_PAGE)));
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "an id is a number", e);
    }
  }

  private static ServerResponse unavailable(Throwable why) {
    LOG.error("a request failed: {}", why.getMessage());
    return answer(HttpStatus.SERVICE_UNAVAILABLE, "Cassandra does not serve this now");
  }

  private static ServerResponse answer(HttpStatus status, String error) {
    return ServerResponse.status(status).body(Map.of("error", error));
  }
}
