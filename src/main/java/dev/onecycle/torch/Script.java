package dev.onecycle.torch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * TorchScript methods from text: the way to every operator of the engine, with autograd, without
 * Python. A method is written as TorchScript's own serialised form wants it, one assignment a line:
 *
 * <pre>{@code
 * def twice(self, x: Tensor) -> Tensor:
 *   return torch.mul(x, 2)
 * }</pre>
 *
 * A script belongs to one device and is not for several threads at once.
 */
public final class Script implements AutoCloseable {

  private final NDManager owner;
  private final PtSymbolBlock module;

  /**
   * Compiles {@code methods} for the thread's device.
   *
   * @throws TorchException naming the line that does not compile
   */
  public Script(String methods) {
    TorchThread thread = TorchThread.current();
    owner = NDManager.newBaseManager(thread.device().djl(), "PyTorch");
    try {
      ByteArrayInputStream archive = new ByteArrayInputStream(ScriptArchive.of(methods));
      module = JniUtils.loadModule((PtNDManager) owner, archive, false, false);
    } catch (EngineException e) {
      owner.close();
      throw TorchException.of(e);
    } catch (IOException e) {
      owner.close();
      throw new IllegalStateException("an archive in memory could not be read", e);
    }
  }

  /**
   * Calls a method of tensors that returns one tensor. Gradients are recorded if {@link
   * Gradients#record} is on. The result belongs to the innermost scope.
   */
  public Tensor call(String method, Tensor... arguments) {
    NDList inputs = new NDList(arguments.length + 1);
    // INVARIANT: the result belongs to the first input's manager, so the one that names the method
    // goes first and lives in the innermost scope.
    try (NDArray name = Scope.current().tensors.zeros(new Shape(0))) {
      name.setName("module_method:" + method);
      inputs.add(name);
      for (Tensor argument : arguments) {
        inputs.add(argument.array);
      }
      return new Tensor((PtNDArray) IValueUtils.forward(module, inputs, true).get(0));
    } catch (EngineException e) {
      throw TorchException.of(e);
    }
  }

  /**
   * Calls a method without recording gradients, with arguments of any kind that TorchScript knows:
   * {@link Tensor}, {@code List<Tensor>}, {@code Double}, {@code Long}, {@code Boolean}. Returns
   * the tensors it returns: one, a list, or none.
   */
  public List<Tensor> run(String method, Object... arguments) {
    List<IValue> inputs = new ArrayList<>(arguments.length);
    PtNDManager scope = Scope.current().tensors;
    try {
      for (Object argument : arguments) {
        inputs.add(value(argument));
      }
      try (IValue result = IValueUtils.runMethod(module, method, inputs.toArray(IValue[]::new))) {
        if (result.isTensor()) {
          return List.of(new Tensor(result.toTensor(scope)));
        }
        if (!result.isTensorList()) {
          return List.of();
        }
        List<Tensor> tensors = new ArrayList<>();
        for (var array : result.toTensorArray(scope)) {
          tensors.add(new Tensor(array));
        }
        return tensors;
      }
    } catch (EngineException e) {
      throw TorchException.of(e);
    } finally {
      inputs.forEach(IValue::close);
    }
  }

  private static IValue value(Object argument) {
    if (argument instanceof Tensor tensor) {
      return IValue.from(tensor.array);
    }
    if (argument instanceof Double number) {
      return IValue.from(number.doubleValue());
    }
    if (argument instanceof Long number) {
      return IValue.from(number.longValue());
    }
    if (argument instanceof Boolean flag) {
      return IValue.from(flag.booleanValue());
    }
    if (argument instanceof List<?> list) {
      return IValue.listFrom(
          list.stream().map(each -> ((Tensor) each).array).toArray(PtNDArray[]::new));
    }
    throw new IllegalArgumentException(
        "argument of " + argument.getClass().getName() + ". This is a bug.");
  }

  @Override
  public void close() {
    module.close();
    owner.close();
  }
}
