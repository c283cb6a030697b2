/// What a service does only in a lab, which breaks it on purpose.
@NullMarked
package dev.butterfly.lab;

import org.jspecify.annotations.NullMarked;
