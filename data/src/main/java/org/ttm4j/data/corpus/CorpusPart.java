package org.ttm4j.data.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Writes corpus files: a part from one source file, and the corpus from its parts. Both appear whole or not at all. */
final class CorpusPart {
    private CorpusPart() {}

    private record Piece(String channel, int firstStep, int length, int observed) {
        CorpusSeries of(CorpusFile file) {
            return new CorpusSeries(file, channel, firstStep, length, observed);
        }
    }

    /** Cuts one source file to series and writes them as a corpus of their own. */
    static void write(Path part, Path source, CorpusFile file) throws IOException {
        ChannelTable table = ChannelTable.read(source, file.name());
        HalfFloats values = new HalfFloats();
        List<Piece> pieces = new ArrayList<>();
        SeriesCutter cutter = new SeriesCutter(file.resolutionSeconds(), (channel, piece, start, length, observed) -> {
            values.add(piece, start, length);
            pieces.add(new Piece(channel, start, length, observed));
        });
        for (int i = 0; i < table.channels(); i++) cutter.cut(table.name(i), table.values(i));
        CorpusFile told = new CorpusFile(file.dataset(), file.name(), file.licence(), file.resolutionSeconds(),
                cutter.tally());
        List<CorpusSeries> series = pieces.stream().map(p -> p.of(told)).toList();
        replace(part, out -> {
            writeAll(out, CorpusFormat.encode(List.of(told), series));
            writeAll(out, values.bytes());
        });
    }

    /** Writes the corpus of all parts, in their order. */
    static void merge(Path corpus, List<Path> parts) throws IOException {
        List<CorpusFile> files = new ArrayList<>();
        List<CorpusSeries> series = new ArrayList<>();
        for (Path part : parts) {
            CorpusFormat.Index index = CorpusFormat.read(part);
            files.addAll(index.files());
            series.addAll(index.series());
        }
        replace(corpus, out -> {
            writeAll(out, CorpusFormat.encode(files, series));
            for (Path part : parts) appendValues(out, part);
            out.force(true);
        });
    }

    private static void appendValues(FileChannel out, Path part) throws IOException {
        try (FileChannel in = FileChannel.open(part)) {
            CorpusFormat.Index index = CorpusFormat.decode(in, part.toString());
            long end = index.valuesAt() + index.values() * CorpusFormat.VALUE_BYTES;
            for (long at = index.valuesAt(); at < end;) at += in.transferTo(at, end - at, out);
        }
    }

    private interface Content {
        void writeTo(FileChannel out) throws IOException;
    }

    private static void replace(Path target, Content content) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                content.writeTo(out);
            }
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) out.write(bytes);
    }

    /** A growing buffer of half floats. */
    private static final class HalfFloats {
        private ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

        void add(double[] values, int start, int length) {
            int bytes = Math.multiplyExact(length, CorpusFormat.VALUE_BYTES);
            if (out.remaining() < bytes) {
                int capacity = Math.max((int) Math.min(Integer.MAX_VALUE - 8, out.capacity() * 2L),
                        Math.addExact(out.position(), bytes));
                out = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(out.flip());
            }
            for (int i = start; i < start + length; i++) out.putShort(Float.floatToFloat16((float) values[i]));
        }

        ByteBuffer bytes() {
            return out.flip();
        }
    }
}
