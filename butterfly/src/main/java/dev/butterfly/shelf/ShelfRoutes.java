package dev.butterfly.shelf;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/// The API before a shelf: `POST path` keeps an item, `GET path/ID` reads it back. An item is
/// answered with 201 once it is kept; sending the same one again is answered the same way, another
/// value under its number with 409.
final class ShelfRoutes {
  private static final int ROOM = 2_000;
  private static final int LONGEST_VALUE = 4 * 1024;

  private final String path;
  private final Shelf<Item> shelf = new Shelf<>(ROOM);

  /// @param path of the collection: `/api/capsules`
  ShelfRoutes(String path) {
    this.path = path;
  }

  /// What a shelf keeps.
  record Item(long id, String value) {}

  /// An item as a client sends it.
  record Draft(@Nullable Long id, @Nullable String value) {}

  RouterFunction<ServerResponse> routes() {
    return RouterFunctions.route().POST(path, this::write).GET(path + "/{id}", this::read).build();
  }

  private ServerResponse write(ServerRequest request) throws ServletException, IOException {
    Draft draft = request.body(Draft.class);
    Long id = draft.id();
    String value = draft.value();
    if (id == null || value == null || value.length() > LONGEST_VALUE) {
      return answer(HttpStatus.BAD_REQUEST, "an item has an id and a value");
    }
    return shelf.put(id, new Item(id, value))
        ? ServerResponse.status(HttpStatus.CREATED).body(Map.of("id", id))
        : answer(HttpStatus.CONFLICT, "item " + id + " has another value");
  }

  private ServerResponse read(ServerRequest request) {
    return shelf
        .get(number(request.pathVariable("id")))
        .map(item -> ServerResponse.ok().body(item))
        .orElseGet(() -> ServerResponse.notFound().build());
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "an id is a number", e);
    }
  }

  private static ServerResponse answer(HttpStatus status, String error) {
    return ServerResponse.status(status).body(Map.of("error", error));
  }
}
