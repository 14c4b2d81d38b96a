import java.util.Map;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Affine;
import org.ttm4j.autograd.op.PointwiseLoss;
import org.ttm4j.autograd.optim.AdamW;
import org.ttm4j.engine.Shape;

/** Automatic differentiation by itself: fits the line y = 2x + 1 by gradient descent. */
public final class OwnGradient {
    public static void main(String[] arguments) {
        Parameter weight = new Parameter("weight", Parameter.Kind.TRAINED, Shape.of(1, 1));
        Parameter bias = new Parameter("bias", Parameter.Kind.TRAINED, Shape.of(1));
        Graph graph = new Graph(Graph.Mode.GRADIENT);
        Tensor x = graph.input(Shape.of(8, 1));
        Tensor target = graph.input(Shape.of(8, 1));
        Tensor y = Affine.of(x, weight, bias); // x·Wᵀ + b
        Tensor loss = PointwiseLoss.of(PointwiseLoss.Function.mse(), y, target, null);

        AdamW optimizer = new AdamW(Map.of("weight", weight, "bias", bias), 0);
        for (int step = 0; step < 500; step++) {
            for (int i = 0; i < 8; i++) {
                x.value()[i] = i / 4f - 1;
                target.value()[i] = 2 * x.value()[i] + 1;
            }
            optimizer.zeroGradients();
            graph.forward();
            graph.backward(loss, 1);
            graph.collectGradients();
            optimizer.step(0.05);
        }
        System.out.printf("y = %.2f x + %.2f%n", weight.value()[0], bias.value()[0]);
    }
}
