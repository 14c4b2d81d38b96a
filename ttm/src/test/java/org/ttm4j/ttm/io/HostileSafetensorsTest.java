package org.ttm4j.ttm.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.ttm.io.SafetensorsTest.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are, reading ends in all tensors or in a CheckpointException. */
class HostileSafetensorsTest {
    private static final byte[] VALID = file(
            "{'__metadata__':{'format':'pt'},'a':{'dtype':'F32','shape':[2,1],'data_offsets':[0,8]},"
                    + "'b':{'dtype':'U8','shape':[3],'data_offsets':[8,11]}}",
            new byte[11]);

    @TempDir
    Path folder;

    private static String error(byte[] file) {
        return assertThrows(CheckpointException.class,
                () -> Safetensors.read(new ByteArrayInputStream(file), "x.safetensors")).getMessage();
    }

    @Test
    void everyTruncationIsFound() throws Exception {
        Path path = folder.resolve("x.safetensors");
        for (int length = 0; length < VALID.length; length++) {
            byte[] truncated = Arrays.copyOf(VALID, length);
            String message = error(truncated);
            assertTrue(message.startsWith("x.safetensors: "), message);
            Files.write(path, truncated);
            assertThrows(CheckpointException.class, () -> Safetensors.read(path), "length " + length);
        }
        byte[] longer = Arrays.copyOf(VALID, VALID.length + 1);
        assertTrue(error(longer).contains("goes on after its last tensor, at byte " + VALID.length), error(longer));
        Files.write(path, longer);
        assertThrows(CheckpointException.class, () -> Safetensors.read(path));
        assertEquals(2, Safetensors.read(new ByteArrayInputStream(VALID), "x").tensors().size());
    }

    @Test
    void aMessageIsShortWhateverTheFileNames() {
        String name = "n".repeat(1 << 20);
        for (String header : new String[]{"{'a':{'dtype':'%s','shape':[1],'data_offsets':[0,4]}}",
                "{'__metadata__':{'%s':1}}", "{'%s':{'dtype':'BOOL','shape':[1],'data_offsets':[0,1]}}"}) {
            String message = error(file(header.replace("%s", name), new byte[]{2}));
            assertTrue(message.length() < 1 << 15, header + ": " + message.length() + " characters");
        }
    }

    @Test
    void randomDamageNeverEscapesTheTypedError() throws Exception {
        long seed = 3;
        Random random = new Random(seed);
        for (int round = 0; round < 30_000; round++) {
            byte[] damaged = VALID.clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                int at = random.nextInt(damaged.length);
                damaged[at] = random.nextBoolean()
                        ? (byte) random.nextInt(256)
                        : (byte) (damaged[at] ^ 1 << random.nextInt(8));
            }
            try {
                for (SafeTensor tensor : Safetensors.read(new ByteArrayInputStream(damaged), "x.safetensors")
                        .tensors()
                        .values()) {
                    int values = tensor.dtype().isFloat() ? tensor.floats().length : tensor.integers().length;
                    assertEquals(tensor.shape().size(), values, "seed " + seed + ", round " + round);
                }
            } catch (CheckpointException expected) {
                assertTrue(expected.getMessage().startsWith("x.safetensors"), expected.getMessage());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_000, 8 << 20, (8 << 20) + 1, 1L << 32})
    void aHeaderLengthBeyondTheFileIsRefused(long length) throws Exception {
        byte[] file = VALID.clone();
        for (int i = 0; i < 8; i++) file[i] = (byte) (length >>> 8 * i);
        assertTrue(error(file).startsWith("x.safetensors: "));
        Path path = folder.resolve("x.safetensors");
        Files.write(path, file);
        String message = assertThrows(CheckpointException.class, () -> Safetensors.read(path)).getMessage();
        assertTrue(message.contains("header length " + Long.toUnsignedString(length)), message);
        assertTrue(message.endsWith(" (truncated, or another file, such as a pointer of Git LFS?)"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"expected '{' | [1]", "expected '{' | \" {}\"",
            "a second time | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                    + "'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
            "tensor a: expected an object | {'a':7}", "tensor a: expected an object | {'a':null}",
            "tensor a: expected an object | {'a':{'dtype':'F32','shape':[1]}}",
            "tensor a: expected an object | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'zip':1}}",
            "tensor a: dtype F64 is | {'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}",
            "tensor a: dtype null is | {'a':{'type':'F32','shape':[1],'data_offsets':[0,8]}}",
            "tensor a: dtype 3 is | {'a':{'dtype':3,'shape':[1],'data_offsets':[0,8]}}",
            "tensor a: shape: expected | {'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}",
            "tensor a: shape: expected | {'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}",
            "tensor a: shape: expected | {'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}",
            "tensor a: shape: expected | {'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}}",
            "tensor a: shape: expected | {'a':{'dtype':'F32','shape':[18446744073709551618],'data_offsets':[0,8]}}",
            "more than 2³¹ | {'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}}",
            "more than 2³¹ | {'a':{'dtype':'F32','shape':[65536,65536,65536,65536],'data_offsets':[0,0]}}",
            "more than 2³¹ | {'a':{'dtype':'F32','shape':[65536,65536,0],'data_offsets':[0,0]}}",
            "more than 2³¹ | {'a':{'dtype':'F32','shape':[9223372036854775807,2],'data_offsets':[0,8]}}",
            "more than 2³¹ | "
                    + "{'a':{'dtype':'F32','shape':[1152921503533105152],'data_offsets':[0,4611686014132420608]}}",
            "tensor a: 4294967296 bytes | {'a':{'dtype':'F32','shape':[1073741824],'data_offsets':[0,4294967296]}}",
            "rank 9 | {'a':{'dtype':'F32','shape':[1,1,1,1,1,1,1,1,1],'data_offsets':[0,4]}}",
            "two integers | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}}",
            "two integers | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4,8]}}",
            "data_offsets: expected | {'a':{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}}",
            "data_offsets: expected | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4e0]}}",
            "data_offsets: expected | {'a':{'dtype':'F32','shape':[1],'data_offsets':'0,4'}}",
            "end before they begin | {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}",
            "end before they begin | {'a':{'dtype':'F32','shape':[1],'data_offsets':[9223372036854775807,3]}}",
            "span 8 bytes | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,8]}}",
            "span 4 bytes | {'a':{'dtype':'F32','shape':[],'data_offsets':[0,4]},"
                    + "'b':{'dtype':'I64','shape':[],'data_offsets':[4,8]}}",
            "tensor b: begins at data byte 2 and overlaps | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                    + "'b':{'dtype':'F32','shape':[1],'data_offsets':[2,6]}}",
            "tensor b: begins at data byte 0 and overlaps | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                    + "'b':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}",
            "tensor b: begins at data byte 5 and leaves a gap | "
                    + "{'b':{'dtype':'U8','shape':[3],'data_offsets':[5,8]},"
                    + "'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}",
            "begins at data byte 4 and leaves a gap | {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
            "ends at byte | {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}",
            "goes on after its last tensor | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}",
            "goes on after its last tensor | {}", "__metadata__: expected an object | {'__metadata__':'pt'}",
            "__metadata__, format: expected a string | {'__metadata__':{'format':1}}",})
    void aHeaderThatDoesNotFitIsRefusedWithItsReason(String reason, String header) {
        String message = error(file(header, new byte[8]));
        assertTrue(message.startsWith("x.safetensors") && message.contains(reason), message);
    }

    @Test
    void depthCountsAndOddBooleansAreBounded() {
        assertTrue(error(file("{'a':" + "[".repeat(100_000))).contains("nested deeper"));
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i <= 1 << 16; i++) many.append("'").append(i).append("':0,");
        assertTrue(error(file(many.append("'x':0}").toString())).contains("tensors; at most 65536"));
        assertTrue(error(file("{'a':{'dtype':'BOOL','shape':[1],'data_offsets':[0,1]}}", (byte) 2))
                .contains("tensor a: 2 does not fit BOOL"));
    }

    @Test
    void moreThanTheHeapHoldsIsRefusedBeforeItIsRead() throws Exception {
        long size = Math.min(Integer.MAX_VALUE - 16, Runtime.getRuntime().maxMemory());
        byte[] header = file("{'a':{'dtype':'U8','shape':[" + size + "],'data_offsets':[0," + size + "]}}");
        Path path = folder.resolve("sparse.safetensors");
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            sparse.write(header);
            sparse.setLength(header.length + size);
        }
        String message = assertThrows(CheckpointException.class, () -> Safetensors.read(path)).getMessage();
        assertTrue(message.contains("of the heap"), message);
    }

    @Test
    void aStreamThatDoesNotEndIsLeftAlone() {
        InputStream endless = new InputStream() {
            private int at;

            @Override
            public int read() {
                return at < VALID.length ? VALID[at++] & 0xFF : 0;
            }
        };
        String message = assertThrows(CheckpointException.class, () -> Safetensors.read(endless, "endless"))
                .getMessage();
        assertTrue(message.contains("goes on after its last tensor"), message);
    }

    @Test
    void aFailingStreamIsReported() {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        String message = assertThrows(CheckpointException.class, () -> Safetensors.read(failing, "x")).getMessage();
        assertTrue(message.contains("the disk is gone"), message);
    }

    @Test
    void malformedTextInTheHeaderIsRefused() {
        byte[] file = file("{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", new byte[4]);
        file[10] = (byte) 0xFF;
        assertEquals("x.safetensors, header: byte 2 is not valid UTF-8", error(file));
    }
}
