-- Joins between staging and marts must neither drop a row nor make two of one.
{%- set pairs = [
    ('stg_people__contacts', 'count(*)', 'contact_records', 'count(*)'),
    ('contact_records', 'count(*)', 'contact_record_links', 'count(*)'),
    ('stg_people__contacts', 'count(*)', 'contacts', 'sum(source_record_count)'),
    ('stg_commerce__orders', 'count(*)', 'orders', 'count(*)'),
    ('contacts', 'count(*)', 'contact_traits', 'count(*)'),
    ('contacts', 'count(*)', 'contact_reachability', 'count(distinct contact_id)'),
    ('contacts', 'count(*)', 'contact_lifecycle_stages', 'count(*)'),
    ('contact_purchase_summaries', 'count(*)', 'contact_rfm_scores', 'count(*)'),
] %}
with

counts as (
    {% for expected_in, expected, found_in, found in pairs %}
    select
        '{{ expected_in }}' as expected_in,
        '{{ found_in }}' as found_in,
        (select {{ expected }} from {{ ref('crm_segmentation', expected_in) }}) as rows_expected,
        (select {{ found }} from {{ ref('crm_segmentation', found_in) }}) as rows_found
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    *,
    case when rows_found < rows_expected then 'rows were lost' else 'rows stand more than once' end as problem
from counts
where rows_expected != rows_found
