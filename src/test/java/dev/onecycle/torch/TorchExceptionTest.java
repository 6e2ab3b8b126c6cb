package dev.onecycle.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the engine's words mean. */
class TorchExceptionTest {

  @ParameterizedTest
  @CsvSource({
    "'CUDA out of memory. Tried to allocate 2.00 GiB.', OUT_OF_MEMORY",
    "'CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate', OUT_OF_MEMORY",
    "'cuDNN error: CUDNN_STATUS_ALLOC_FAILED', OUT_OF_MEMORY",
    "'DefaultCPUAllocator: can''t allocate memory: you tried to allocate 9 bytes', OUT_OF_MEMORY",
    "'CUDA error: an illegal memory access was encountered', DEVICE_LOST",
    "'CUDA error: uncorrectable ECC error encountered', DEVICE_LOST",
    "'CUDA error: misaligned address', DEVICE_LOST",
    "'CUDA error: the launch timed out and was terminated', DEVICE_LOST",
    "'CUDA error: invalid configuration argument', OTHER",
    "'mat1 and mat2 shapes cannot be multiplied', OTHER",
  })
  void tellsWhatHelps(String message, TorchException.Kind kind) {
    assertThat(TorchException.of(new EngineException(message)).kind()).isEqualTo(kind);
  }

  @ExtendWith(OnTorchThread.class)
  @Test
  void aTensorThatDoesNotFitIsAShortageOfMemory() {
    assertThatThrownBy(() -> Tensor.zeros(1L << 45))
        .isInstanceOfSatisfying(
            TorchException.class,
            e -> assertThat(e.kind()).isEqualTo(TorchException.Kind.OUT_OF_MEMORY));
  }
}
