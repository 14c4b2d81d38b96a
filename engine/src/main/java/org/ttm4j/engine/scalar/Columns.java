package org.ttm4j.engine.scalar;

/** Copies a row-major matrix to one array per column, and back, eight columns at a time. */
final class Columns {
    private static final int WIDTH = 8;

    private Columns() {}

    /** columns[j][i] = x[xi + i·n + j] for i below m, j below n. */
    static void read(float[][] columns, float[] x, int xi, int m, int n) {
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            readEight(columns[j], columns[j + 1], columns[j + 2], columns[j + 3], columns[j + 4], columns[j + 5],
                    columns[j + 6], columns[j + 7], x, xi + j, m, n);
        }
        for (; j < n; j++) {
            for (int i = 0; i < m; i++) columns[j][i] = x[xi + i * n + j];
        }
    }

    private static void readEight(float[] c0, float[] c1, float[] c2, float[] c3, float[] c4, float[] c5, float[] c6,
            float[] c7, float[] x, int xi, int m, int n) {
        for (int i = 0; i < m; i++) {
            int at = xi + i * n;
            c0[i] = x[at];
            c1[i] = x[at + 1];
            c2[i] = x[at + 2];
            c3[i] = x[at + 3];
            c4[i] = x[at + 4];
            c5[i] = x[at + 5];
            c6[i] = x[at + 6];
            c7[i] = x[at + 7];
        }
    }

    /** x[xi + i·n + j] = columns[j][i] for i below m, j below n. */
    static void write(float[] x, int xi, float[][] columns, int m, int n) {
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            writeEight(x, xi + j, columns[j], columns[j + 1], columns[j + 2], columns[j + 3], columns[j + 4],
                    columns[j + 5], columns[j + 6], columns[j + 7], m, n);
        }
        for (; j < n; j++) {
            for (int i = 0; i < m; i++) x[xi + i * n + j] = columns[j][i];
        }
    }

    private static void writeEight(float[] x, int xi, float[] c0, float[] c1, float[] c2, float[] c3, float[] c4,
            float[] c5, float[] c6, float[] c7, int m, int n) {
        for (int i = 0; i < m; i++) {
            int at = xi + i * n;
            x[at] = c0[i];
            x[at + 1] = c1[i];
            x[at + 2] = c2[i];
            x[at + 3] = c3[i];
            x[at + 4] = c4[i];
            x[at + 5] = c5[i];
            x[at + 6] = c6[i];
            x[at + 7] = c7[i];
        }
    }
}
