/** Pictures that are looked at while their users wait, and again later: the application, by what a look demands. */
export function galleryOf(look: object, review: object = look) {
  return {
    components: {
      look: { description: 'looks at a picture while its user waits', work: 'image-moderation' as const, ...look },
      post: { description: 'takes a picture', steps: [{ write: 'pictures', effect: 'accepted' }, { publish: 'posted' }] },
      review: {
        description: 'looks at it later',
        work: 'image-moderation' as const,
        steps: [{ write: 'pictures', effect: 'reviewed' }],
        ...review,
      },
    },
    operations: {
      work: {
        description: 'posts a picture',
        creates: 'picture',
        attempts: 1,
        timeout_ms: 20_000,
        steps: [{ call: 'look' }, { call: 'post' }],
      },
    },
    entities: { picture: { accepted: 'accepted', shown_after: 'reviewed' } },
    events: { posted: { description: 'a picture to review', consumers: { review: {} } } },
    datasets: { pictures: { description: 'pictures', shape: 'key-value' as const } },
  };
}
