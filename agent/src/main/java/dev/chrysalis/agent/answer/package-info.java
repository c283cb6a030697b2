/// Short questions, answered by an agent's process that is there anyway: the one that is started
/// for a question only passes it on, and need not load all that a look needs.
@NullMarked
package dev.chrysalis.agent.answer;

import org.jspecify.annotations.NullMarked;
