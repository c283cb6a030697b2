package dev.chrysalis.agent.task;

import java.util.Locale;
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
