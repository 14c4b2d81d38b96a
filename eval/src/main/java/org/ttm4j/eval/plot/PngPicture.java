package org.ttm4j.eval.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.ttm4j.data.series.Printable;

/** Draws panels as a PNG at twice the pixels, in the light colours of {@link SvgPicture}. */
public final class PngPicture extends Picture {
    private static final int SCALE = 2;
    private static final Color TEXT = new Color(0x5b6472);
    private static final Color STRONG = new Color(0x1b2028);
    private static final Map<String, Color> FILLS = Map.of("future", new Color(217, 72, 15, 15), "band",
            new Color(217, 72, 15, 41));
    private static final Map<String, Color> STROKES = Map.of("grid", new Color(0xe7e9ee), "axis", new Color(0xc3c8d1),
            "now", new Color(0x9aa2af), "history", new Color(0x44546a), "forecast", new Color(0xd9480f), "anomaly",
            new Color(0xc2255c));
    private static final Map<String, Float> WIDTHS = Map.of("history", 1.6f, "forecast", 2f, "anomaly", 6f);

    static {
        // No window is shown, so the desktop is not initialised.
        System.setProperty("java.awt.headless", "true");
        // No temporary file, which a killed process would leave behind and a full disk would refuse.
        ImageIO.setUseCache(false);
    }

    private final BufferedImage image;
    private final Graphics2D graphics;

    private PngPicture(String title, String subtitle, List<Panel> panels) {
        super(title, subtitle, panels);
        image = new BufferedImage(SCALE * WIDTH, SCALE * height(), BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.scale(SCALE, SCALE);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, height());
    }

    /** The panels, at least one, below a title and a line. */
    public static byte[] of(String title, String subtitle, List<Panel> panels) {
        PngPicture picture = new PngPicture(title, subtitle, panels);
        picture.draw();
        picture.graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture.image, "png", out);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return out.toByteArray();
    }

    @Override
    void pixels(String style, double[] x, double[] y, boolean closed) {
        Path2D path = path(x, y);
        if (closed) {
            graphics.setColor(FILLS.get(style));
            graphics.fill(path);
            return;
        }
        float[] dashes = style.equals("now") ? new float[]{3, 3} : null;
        graphics.setColor(STROKES.get(style));
        graphics.setStroke(new BasicStroke(WIDTHS.getOrDefault(style, 1f), BasicStroke.CAP_ROUND,
                BasicStroke.JOIN_ROUND, 1, dashes, 0));
        graphics.draw(path);
    }

    /** A line, in which a value between two gaps is a dot. */
    private static Path2D path(double[] x, double[] y) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < y.length; i++) {
            if (Double.isNaN(y[i])) continue;
            if (i == 0 || Double.isNaN(y[i - 1])) path.moveTo(x[i], y[i]);
            path.lineTo(x[i], y[i]);
        }
        return path;
    }

    @Override
    void write(String style, double x, double y, String text) {
        boolean strong = style.equals("title") || style.equals("name");
        graphics.setColor(strong ? STRONG : TEXT);
        graphics.setFont(new Font(Font.SANS_SERIF, strong ? Font.BOLD : Font.PLAIN,
                style.equals("title") ? 18 : style.equals("name") ? 13 : 12));
        String shown = Printable.of(text);
        int width = graphics.getFontMetrics().stringWidth(shown);
        double shift = style.equals("value") ? width : style.equals("date") ? width / 2.0 : 0;
        graphics.drawString(shown, (float) (x - shift), (float) y);
    }
}
