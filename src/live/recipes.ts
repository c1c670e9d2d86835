/** Every broker that can be provisioned. */
import { rabbitmqRecipe } from './rabbitmq/recipe.ts'
import type { Recipe } from './recipe.ts'
import { rocketmqRecipe } from './rocketmq/recipe.ts'

/** Made anew each time: where brokers go depends on the environment. */
export const recipes = (): readonly Recipe[] => [rocketmqRecipe(), rabbitmqRecipe()]
