-- What erased people wrote is emptied before it is read.
-- depends_on: {{ ref('crm_segmentation', 'int_identity__erased_visitors') }}

with

recent_interests as (

    select * from {{ ref('crm_segmentation', 'int_activity__interests') }}
    where {{ in_last_days('occurred_on', 90) }} and event_name in ('page_viewed', 'product_viewed', 'article_read')

),

visitors as (

    select * from {{ ref('crm_segmentation', 'int_behaviour__visitors') }}

),

products as (

    select * from {{ ref('crm_segmentation', 'stg_commerce__products') }}

),

-- A topic is what pages and articles stand under, a category what the products viewed belong to.
subjects as (

    select
        visitors.contact_id,
        case when recent_interests.event_name = 'product_viewed' then 'category' else 'topic' end as subject_kind,
        case when recent_interests.event_name = 'product_viewed' then products.category else nullif(recent_interests.topic, '') end
            as subject,
        sum(recent_interests.event_count) as event_count,
        max(recent_interests.last_occurred_at) as last_occurred_at

    from recent_interests

    inner join visitors
        on
            {{ same_visitor('recent_interests') }}

    left join products on recent_interests.source_product_id = products.source_product_id

    group by
        visitors.contact_id,
        case when recent_interests.event_name = 'product_viewed' then 'category' else 'topic' end,
        case when recent_interests.event_name = 'product_viewed' then products.category else nullif(recent_interests.topic, '') end

),

ranked as (

    select
        *,
        row_number() over (
            partition by contact_id, subject_kind
            order by event_count desc, last_occurred_at desc, {{ by_code_point('subject') }} asc
        ) as subject_rank

    from subjects

    where subject is not null

),

interests as (

    select
        contact_id,
        {{ text_list("case when subject_kind = 'topic' and subject_rank <= 3 then subject end") }} as top_topics,
        max(case when subject_kind = 'category' and subject_rank = 1 then subject end) as top_viewed_category

    from ranked

    group by contact_id

)

select * from interests
