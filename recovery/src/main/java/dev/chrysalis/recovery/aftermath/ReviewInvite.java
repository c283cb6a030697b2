package dev.chrysalis.recovery.aftermath;

import dev.chrysalis.recovery.report.RunReport;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// The review of a run as a file for calendars (RFC 5545). Made from the run alone: made again it
/// is the same event, so that a second import updates the first.
public final class ReviewInvite {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int LONGEST = 75;

  private ReviewInvite() {}

  /// When it is proposed.
  public static Instant at(RunReport report) {
    return ReviewTime.after(report.ended()).begin();
  }

  public static String of(RunReport report) {
    ReviewTime time = ReviewTime.after(report.ended());
    StringBuilder ics = new StringBuilder();
    line(ics, "BEGIN:VCALENDAR");
    line(ics, "VERSION:2.0");
    line(ics, "PRODID:-//Chrysalis//Review of a recovery//EN");
    line(ics, "CALSCALE:GREGORIAN");
    line(ics, "BEGIN:VEVENT");
    line(ics, "UID:" + report.run() + "-review@" + report.stack() + ".chrysalis");
    line(ics, "DTSTAMP:" + UTC.format(report.ended()));
    line(ics, "LAST-MODIFIED:" + UTC.format(report.ended()));
    // A run that goes on after its end has a later one, and so a later event.
    line(ics, "SEQUENCE:" + report.timeline().size());
    line(ics, "DTSTART:" + UTC.format(time.begin()));
    line(ics, "DTEND:" + UTC.format(time.begin().plus(ReviewTime.LONG)));
    line(ics, "SUMMARY:" + escape("Review: " + report.scenario() + " of " + report.stack()));
    line(ics, "DESCRIPTION:" + escape(description(report, time)));
    line(ics, "CATEGORIES:POST-MORTEM");
    line(ics, "STATUS:TENTATIVE");
    line(ics, "TRANSP:OPAQUE");
    line(ics, "END:VEVENT");
    line(ics, "END:VCALENDAR");
    return ics.toString();
  }

  private static String description(RunReport report, ReviewTime time) {
    String lost = report.statedLoss().isEmpty() ? report.expectedLoss() : report.statedLoss();
    return """
    Run %s of %s ended %s at %s.
    Lost: %s
    To change, as the run itself says: %d
    Prepare: chrysalis report %s --post-mortem
    %s\
    """
        .formatted(
            report.run(),
            report.stack(),
            report.status(),
            report.ended(),
            lost,
            report.deviations().size(),
            report.run(),
            time.workingDay()
                ? "Proposed inside 48 hours of the end, as the runbook asks."
                : "No working day lies inside 48 hours of the end: move it if you agree to.");
  }

  /// TEXT of RFC 5545, 3.3.11; control characters but line ends are not allowed.
  private static String escape(String text) {
    return text.replace("\r\n", "\n")
        .replaceAll("[\\p{Cc}&&[^\n]]", " ")
        .replace("\\", "\\\\")
        .replace(";", "\\;")
        .replace(",", "\\,")
        .replace("\n", "\\n");
  }

  /// A content line, folded so that no part is longer than 75 octets and no character is cut.
  private static void line(StringBuilder ics, String content) {
    int octets = 0;
    for (int i = 0; i < content.length(); ) {
      int character = content.codePointAt(i);
      String one = Character.toString(character);
      int size = one.getBytes(StandardCharsets.UTF_8).length;
      if (octets + size > LONGEST) {
        ics.append("\r\n ");
        octets = 1;
      }
      ics.append(one);
      octets += size;
      i += Character.charCount(character);
    }
    ics.append("\r\n");
  }
}
