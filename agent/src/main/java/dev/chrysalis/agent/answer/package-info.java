/// Short questions, answered by an agent's process that is there anyway: a process of their own
/// would cost a hundred times as much as the look itself.
@NullMarked
package dev.chrysalis.agent.answer;

import org.jspecify.annotations.NullMarked;
