import type { ApplicationInput } from '../../simulator/domain/application.ts';

/**
 * A social network: people read feeds and profiles, post text, pictures and videos, like, comment and search.
 *
 * Demands are the application's own (what its authors would measure). Where a fact was at hand it was used: an image model of ResNet-50's
 * size takes 13 ms on a T4 (NVIDIA DeepLearningExamples, 2024-04); a ten-second clip at 30 frames a second takes 2.9 s at 105 frames a second
 * (ffmpeg on g4dn.xlarge, ec2instances.info, 2025-12-10); popularity is Zipf's law, follower counts a Pareto law with exponent 1.3, cut off at
 * 200,000.
 */
const people = { count: 100_000, zipf: 0.9 };

export const socialNetwork: ApplicationInput = {
  name: 'social-network',
  description: 'Feeds, profiles and posts, with moderation, fan-out, transcoding and notifications behind queues.',
  users: { count: 100_000, attributes: { followers: { kind: 'pareto', min: 40, exponent: 1.3, cap: 200_000 } } },
  objects: people,
  components: {
    edge: { description: 'content delivery network in front of public profiles', cache: true },
    auth: {
      description: 'checks a session token',
      cpu_ms: { kind: 'lognormal', p50: 3, p99: 9 },
      memory_mb: 128,
      response_kb: 1,
    },
    feed: {
      description: 'puts a home feed together and renders it',
      cpu_ms: { kind: 'lognormal', p50: 40, p99: 130 },
      memory_mb: 256,
      response_kb: 40,
      steps: [
        { read: 'feeds', of: 'actor', items: 20 },
        { call: 'recommend', optional: true },
      ],
    },
    recommend: {
      description: 'ranks posts with a small model',
      cpu_ms: 2,
      gpu_ms: { kind: 'lognormal', p50: 5, p99: 10 },
      memory_mb: 1024,
      package_mb: 60,
      runtime: 'python3.13',
    },
    profile: {
      description: "shows one person's posts",
      cpu_ms: { kind: 'lognormal', p50: 28, p99: 90 },
      memory_mb: 256,
      response_kb: 40,
      steps: [{ read: 'posts', of: 'object', items: 10 }],
    },
    post: {
      description: 'takes a post and says so to the rest',
      cpu_ms: { kind: 'lognormal', p50: 8, p99: 25 },
      memory_mb: 256,
      steps: [{ write: 'posts', of: 'actor', effect: 'post-accepted' }, { publish: 'post-created' }],
    },
    upload: {
      description: 'takes a picture or a video in',
      cpu_ms: { kind: 'lognormal', p50: 20, p99: 80 },
      memory_mb: 512,
      request_kb: 800,
      steps: [{ write: 'media', of: 'actor' }],
    },
    engage: {
      description: 'counts likes and keeps comments',
      cpu_ms: { kind: 'lognormal', p50: 12, p99: 35 },
      memory_mb: 256,
      steps: [{ write: 'reactions', of: 'object' }],
    },
    search: {
      description: 'finds people and posts',
      cpu_ms: { kind: 'lognormal', p50: 80, p99: 300 },
      memory_mb: 512,
      response_kb: 30,
      steps: [{ read: 'search-index', of: 'object', items: 5 }],
    },
    moderation: {
      description: 'looks at every post with an image model before it should be shown',
      cpu_ms: 6,
      gpu_ms: 13,
      memory_mb: 2048,
      package_mb: 200,
      runtime: 'python3.13',
      steps: [{ write: 'posts', of: 'actor', effect: 'moderated' }],
    },
    'fan-out': {
      description: 'takes a hundred followers and writes the post into the feeds of the forty who are active',
      cpu_ms: { kind: 'lognormal', p50: 12, p99: 30 },
      memory_mb: 256,
      steps: [{ write: 'feeds', of: 'others', items: 40, effect: 'delivered' }],
    },
    transcode: {
      description: 'makes three sizes of a video',
      cpu_ms: 50,
      gpu_ms: { kind: 'lognormal', p50: 2500, p99: 9000 },
      memory_mb: 2048,
      package_mb: 120,
      steps: [
        { read: 'media', of: 'actor' },
        { write: 'media', of: 'actor', effect: 'transcoded' },
      ],
    },
    notify: {
      description: 'tells devices through a push provider',
      cpu_ms: 4,
      io_ms: { kind: 'lognormal', p50: 40, p99: 250 },
      memory_mb: 128,
      error_rate: 0.002,
      steps: [{ write: 'notifications', of: 'actor', effect: 'notified' }],
    },
  },
  events: {
    'post-created': {
      description: 'a post was accepted',
      kb: 2,
      consumers: { moderation: {}, 'fan-out': { messages_per: { attribute: 'followers', each: 100 } }, notify: {} },
    },
    'video-uploaded': { description: 'a video waits to be transcoded', consumers: { transcode: {} } },
  },
  datasets: {
    people: { description: 'accounts and sessions', shape: 'relational', item_kb: 1, stored_gb: 20 },
    feeds: { description: 'home feeds', shape: 'key-value', item_kb: 0.3, stored_gb: 40 },
    posts: { description: 'posts by author', shape: 'key-value', item_kb: 1, stored_gb: 60 },
    reactions: { description: 'likes and comments by post', shape: 'key-value', item_kb: 0.5, stored_gb: 30 },
    notifications: { description: 'what a device has been told', shape: 'key-value', item_kb: 0.3, stored_gb: 5 },
    media: { description: 'pictures and videos', shape: 'blob', item_kb: 800, stored_gb: 2000 },
    'search-index': { description: 'words to posts', shape: 'relational', item_kb: 2, stored_gb: 50 },
  },
  operations: {
    'sign-in': {
      description: 'a session begins',
      steps: [{ call: 'auth' }, { read: 'people', of: 'actor', consistent: true }],
      response_kb: 2,
    },
    'view-feed': {
      description: 'the home feed, with the newest post of someone followed on top',
      requires: 'sign-in',
      response_kb: 40,
      steps: [{ call: 'auth' }, { call: 'feed' }, { show: 'post', of: 'object' }],
    },
    'view-profile': {
      description: 'one person and their newest post; public, so the edge may keep it',
      response_kb: 40,
      steps: [
        { cached: 'edge', of: 'object', ttl_s: 5, otherwise: [{ call: 'profile' }] },
        { show: 'post', of: 'object' },
      ],
    },
    'create-text': {
      description: 'a post in words',
      requires: 'sign-in',
      creates: 'post',
      response_kb: 2,
      steps: [{ call: 'auth' }, { call: 'post' }],
    },
    'create-image': {
      description: 'a post with a picture',
      requires: 'sign-in',
      creates: 'post',
      request_kb: 800,
      response_kb: 2,
      steps: [{ call: 'auth' }, { call: 'upload' }, { call: 'post' }],
    },
    'create-video': {
      description: 'a post with a ten-second video',
      requires: 'sign-in',
      creates: 'post',
      request_kb: 4000,
      response_kb: 2,
      steps: [{ call: 'auth' }, { call: 'upload' }, { call: 'post' }, { publish: 'video-uploaded' }],
    },
    like: { description: 'one tap', requires: 'sign-in', response_kb: 1, steps: [{ call: 'auth' }, { call: 'engage' }] },
    comment: {
      description: 'a few words below a post',
      requires: 'sign-in',
      response_kb: 1,
      steps: [{ call: 'auth' }, { call: 'engage' }],
    },
    search: {
      description: 'people and posts by words',
      requires: 'sign-in',
      response_kb: 30,
      steps: [{ call: 'auth' }, { call: 'search' }],
    },
  },
  entities: { post: { accepted: 'post-accepted', shown_after: 'moderated' } },
};
