// The part of TensorFlow.js that is used here. Types of its own, since the root is checked without the package of this folder.

declare module '@tensorflow/tfjs' {
  export interface Tensor {
    readonly shape: number[];
    data(): Promise<Float32Array>;
    dataSync(): Float32Array;
    dispose(): void;
  }
  export interface Variable extends Tensor {
    assign(value: Tensor): void;
  }
  export interface Optimizer {
    minimize(loss: () => Tensor, returnsCost: true): Tensor;
    dispose(): void;
  }
  export const train: { adam(rate: number): Optimizer };
  export function tidy<T>(work: () => T): T;
  export function tensor(values: ArrayLike<number>, shape: number[]): Tensor;
  export function variable(value: Tensor): Variable;
  export function add(a: Tensor, b: Tensor | number): Tensor;
  export function sub(a: Tensor, b: Tensor): Tensor;
  export function mul(a: Tensor, b: Tensor | number): Tensor;
  export function matMul(a: Tensor, b: Tensor): Tensor;
  export function maximum(a: Tensor, b: Tensor): Tensor;
  export function relu(a: Tensor): Tensor;
  export function exp(a: Tensor): Tensor;
  export function log(a: Tensor): Tensor;
  export function concat(tensors: Tensor[], axis: number): Tensor;
  export function slice(a: Tensor, begin: number[], size: number[]): Tensor;
  export function mean(a: Tensor): Tensor;
  export interface LayersModel {
    predict(x: Tensor): Tensor;
  }
  export function loadLayersModel(handler: { load(): Promise<object> }): Promise<LayersModel>;
  export function setBackend(name: string): Promise<boolean>;
  export function ready(): Promise<void>;
  export function enableProdMode(): void;
}

declare module '@tensorflow/tfjs-backend-wasm' {
  export function setThreadsCount(threads: number): void;
}

declare module '@tensorflow/tfjs-node' {}

declare module '@tensorflow/tfjs-node-gpu' {}

declare module 'nsfwjs/models/mobilenet_v2' {
  interface WeightGroup {
    paths: string[];
    weights: object[];
  }
  /** A model as nsfwjs ships it: its layers, and its weights as base64. */
  export const MobileNetV2Model: {
    modelJson(): Promise<{ default: { modelTopology: object; weightsManifest: WeightGroup[] } }>;
    weightBundles: (() => Promise<{ default: string }>)[];
  };
}
