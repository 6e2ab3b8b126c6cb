package dev.onecycle.torch;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test method on a torch thread of the processor, with one thread per operator and inside
 * a scope.
 */
public final class OnTorchThread implements InvocationInterceptor {

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> context,
      ExtensionContext extension)
      throws Throwable {
    run(invocation);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> context,
      ExtensionContext extension)
      throws Throwable {
    run(invocation);
  }

  private static void run(Invocation<Void> invocation) throws Throwable {
    Throwable[] thrown = new Throwable[1];
    Thread thread =
        Torch.start(1, null)
            .thread(
                "test",
                Device.CPU,
                () -> {
                  try (Scope scope = Scope.open()) {
                    invocation.proceed();
                  } catch (Throwable t) {
                    thrown[0] = t;
                  }
                });
    thread.start();
    thread.join();
    if (thrown[0] != null) {
      throw thrown[0];
    }
  }
}
