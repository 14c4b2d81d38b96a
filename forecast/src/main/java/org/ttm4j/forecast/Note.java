package org.ttm4j.forecast;

/**
 * What a reader of a forecast should know. Immutable.
 *
 * @param code for programs
 * @param channel of the history; −1 for what concerns all
 * @param text a sentence, without the channel
 */
public record Note(NoteCode code, int channel, String text) {
    static final int ALL = -1;
}
