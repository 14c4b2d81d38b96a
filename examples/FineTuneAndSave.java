import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.train.Channels;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.FineTuned;
import org.ttm4j.ttm.train.FineTuning;
import org.ttm4j.ttm.train.FineTuningData;
import org.ttm4j.ttm.train.FineTuningOptions;

/** Adapts a bundled model to a series, saves it, and forecasts with what was saved. */
public final class FineTuneAndSave {
    public static void main(String[] arguments) throws Exception {
        float[] sales = new float[700];
        for (int day = 0; day < sales.length; day++) sales[day] = day % 7 < 5 ? 100 + day % 7 : 20 + day % 3;

        TtmModel model = TtmModel.of(BundledModels.checkpoint("96-24"));
        Channels roles = new Channels(List.of(Channel.of("sales", Role.TARGET, 0, 1)));
        FineTuningData data = FineTuningData.chronological(roles, new float[][]{sales}, 96, 0.7, 0.1, 1);
        FineTuned tuned = FineTuning.run(model, data, FineTuningOptions.defaults().withEpochs(2), (epoch, best) -> {});

        Path folder = Files.createTempDirectory("ttm4j").resolve("sales");
        tuned.save(folder);
        float[] next = Forecaster.load(folder).forecast(new float[][]{sales}).values()[0];
        System.out.printf("the best of 2 epochs: %d; the next week: %.0f %.0f %.0f %.0f %.0f %.0f %.0f%n",
                tuned.bestEpoch(), next[0], next[1], next[2], next[3], next[4], next[5], next[6]);
    }
}
