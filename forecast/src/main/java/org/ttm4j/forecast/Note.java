package org.ttm4j.forecast;

/**
 * A note for readers of a forecast. Immutable.
 *
 * @param code for programs
 * @param channel of the history; −1 for what concerns all
 * @param target the channel whose forecast it is about, where that is another; −1 elsewhere
 * @param text a sentence, without the channels
 */
public record Note(NoteCode code, int channel, int target, String text) {
    static final int ALL = -1;

    /** A note about one channel, or all. */
    public Note(NoteCode code, int channel, String text) {
        this(code, channel, ALL, text);
    }
}
