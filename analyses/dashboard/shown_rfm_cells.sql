-- How many customers are in each cell of recency and frequency, and what did one of them spend?
select
    scores.recency_score,
    scores.frequency_score,
    cast(avg(scores.monetary) as decimal(18, 2)) as spend_per_customer,
    {{ crm_segmentation.in_words('min(scores.rfm_group)') }} as rfm_group,
    count(*) as customer_count
from {{ ref('crm_segmentation', 'contact_rfm_scores') }} as scores
inner join {{ ref('crm_segmentation', 'contact_traits') }} as traits
    on scores.contact_id = traits.contact_id
where not traits.is_erased
group by scores.recency_score, scores.frequency_score
order by scores.recency_score asc, scores.frequency_score asc
