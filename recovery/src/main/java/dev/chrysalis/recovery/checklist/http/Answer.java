package dev.chrysalis.recovery.checklist.http;

/// What was answered; status 0 where there was no answer, with the reason as the body.
public record Answer(int status, String body) {}
