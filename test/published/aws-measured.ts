/**
 * Measured on AWS Lambda by the authors of SimFaaS: arrivals a second, share of cold starts, mean number of instances; instances were kept for
 * 10 minutes.
 *
 * Source: pacslab/simfaas, examples/exp.csv (MIT), published 2021; arXiv 2102.08904.
 */
export const MEASURED: readonly { rate: number; p_cold: number; instances: number }[] = [
  { rate: 0.00186313676, p_cold: 0.342988262, instances: 0.674193548 },
  { rate: 0.00245766186, p_cold: 0.210828112, instances: 0.813504823 },
  { rate: 0.00288164068, p_cold: 0.14543114, instances: 0.77947073 },
  { rate: 0.00345346448, p_cold: 0.110098137, instances: 0.907569721 },
  { rate: 0.00424799727, p_cold: 0.0794801359, instances: 0.945902944 },
  { rate: 0.00572477585, p_cold: 0.0382847524, instances: 1.03189793 },
  { rate: 0.00785093756, p_cold: 0.0338213769, instances: 1.12908367 },
  { rate: 0.0163836323, p_cold: 0.0195525592, instances: 1.26990446 },
  { rate: 0.0501199748, p_cold: 0.00854212641, instances: 2.11358221 },
  { rate: 0.0998711332, p_cold: 0.0059491234, instances: 2.76409849 },
  { rate: 0.100377386, p_cold: 0.00565848768, instances: 2.88880064 },
  { rate: 0.198076127, p_cold: 0.00372428311, instances: 3.71882446 },
  { rate: 0.301791289, p_cold: 0.00293949373, instances: 4.4217633 },
  { rate: 0.397485817, p_cold: 0.00208464293, instances: 5.0450045 },
  { rate: 0.499672849, p_cold: 0.00191330931, instances: 5.69420175 },
  { rate: 0.595605789, p_cold: 0.00175594804, instances: 6.41938046 },
  { rate: 0.69726609, p_cold: 0.0017512077, instances: 6.92772041 },
  { rate: 0.797943117, p_cold: 0.00156020356, instances: 7.56393963 },
  { rate: 0.90245944, p_cold: 0.00151339121, instances: 7.86984127 },
  { rate: 1.00053318, p_cold: 0.00130703998, instances: 8.39714059 },
];

/** Means of the measured warm and cold service times, s: what the published procedure simulates every row with. */
export const SERVICE = { warm_s: 1.98134, cold_s: 2.30374 } as const;
