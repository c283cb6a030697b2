package dev.chrysalis.recovery.services;

import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The services of a stack, each after the services that it needs. Pure; the stack file has been
/// checked for circles.
public final class ServiceOrder {
  private ServiceOrder() {}

  /// All services.
  public static List<Service> of(Stack stack) {
    Set<String> names = new LinkedHashSet<>();
    stack.services().keySet().forEach(name -> add(stack, name, names));
    List<Service> all = new ArrayList<>();
    for (String name : names) {
      Service service = stack.services().get(name);
      if (service != null) {
        all.add(service);
      }
    }
    return all;
  }

  private static void add(Stack stack, String name, Set<String> names) {
    Service service = stack.services().get(name);
    if (service != null && !names.contains(name)) {
      service.needs().forEach(need -> add(stack, need, names));
      names.add(name);
    }
  }
}
