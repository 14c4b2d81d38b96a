package org.ttm4j.data.text;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** A text whose cells are aligned by blanks and tabs, with one blank for each run of them and none around a line. */
final class BlankRuns extends FilterReader {
    private static final int NONE = -1;

    private boolean inLine;
    private int held = NONE; // the character after a blank

    BlankRuns(Reader in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int c = held;
        held = NONE;
        if (c != NONE) return c;
        c = in.read();
        boolean blank = c == ' ' || c == '\t';
        while (c == ' ' || c == '\t') c = in.read();
        boolean lineEnd = c < 0 || c == '\n' || c == '\r';
        boolean separates = blank && inLine && !lineEnd;
        inLine = !lineEnd;
        if (!separates) return c;
        held = c;
        return ' ';
    }

    @Override
    public int read(char[] buffer, int offset, int count) throws IOException {
        int read = 0;
        for (int c = 0; read < count && (c = read()) >= 0; read++) buffer[offset + read] = (char) c;
        return read == 0 ? -1 : read;
    }
}
