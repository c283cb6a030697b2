package dev.chrysalis.agent.task;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/// In which form a command prints.
public final class OutputOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "text, or json: one object a line",
      defaultValue = "text",
      converter = FormConverter.class)
  private Form form = Form.TEXT;

  public boolean json() {
    return form == Form.JSON;
  }

  /// Prints a state as it is asked for: one flat object on one line, or a line for each key, in
  /// their order.
  public void print(Map<String, String> state, AgentEnvironment environment) {
    Map<String, String> sorted = new TreeMap<>(state);
    if (json()) {
      ObjectNode node = new ObjectMapper().createObjectNode();
      sorted.forEach(node::put);
      environment.out().println(node);
    } else {
      sorted.forEach((key, value) -> environment.out().println(key + ": " + value));
    }
    environment.out().flush();
  }

  /// A form of output.
  enum Form {
    TEXT,
    JSON
  }

  /// Reads a form's name in any case.
  static final class FormConverter implements picocli.CommandLine.ITypeConverter<Form> {
    @Override
    public Form convert(String value) {
      return Form.valueOf(value.toUpperCase(Locale.ROOT));
    }
  }
}
