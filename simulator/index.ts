export type { Application, ApplicationInput, Component, Operation, Step } from './domain/application.ts';
export type { ComponentContext, ComponentEvent, ComponentHandler } from './domain/component-handler.ts';
export type { Distribution } from './domain/distribution.ts';
export type { Strategy, StrategyInput } from './domain/placement.ts';
export type { Report } from './domain/report.ts';
export { defineScenario, type Scenario, type ScenarioInput } from './domain/scenario.ts';
export type { Arrivals, Workload } from './domain/workload.ts';
