/** The commands of the program, one class each. */
package org.ttm4j.cli.command;
