{{ rebuilt_for_changes('base_commerce__changed_orders') }}

{%- set has_changed = is_changed('base_commerce__changed_orders') %}

-- Guarantees an order for each kept row. An unknown status is no purchase, and an order without one is: shops that
-- export no status export what was bought.
with

kept_rows as (

    select * from {{ ref('crm_segmentation', 'base_commerce__orders') }}
    where row_status = 'kept' and {{ has_changed }}

),

order_statuses as (

    select * from {{ ref('crm_segmentation', 'order_statuses') }}

),

-- By these, whoever stands on orders sees that a line has changed.
line_fingerprints as (

    select
        source_system,
        source_order_id,
        cast(
            sum({{ row_fingerprint(['line_number', 'source_product_id', 'quantity', 'unit_price']) }}) as {{ dbt.type_bigint() }}
        ) as lines_fingerprint

    from {{ ref('crm_segmentation', 'base_commerce__order_items') }}

    where row_status = 'kept' and {{ has_changed }}

    group by source_system, source_order_id

),

tidied as (

    select
        -- ids
        {{ hashed_key(['kept_rows.source_system', 'kept_rows.source_order_id']) }} as order_id,
        kept_rows.source_system,
        kept_rows.source_order_id,
        {{ hashed_key(['kept_rows.source_system', known_key('kept_rows.source_contact_id')]) }} as record_id,
        {{ known_key('kept_rows.source_contact_id') }} as source_contact_id,

        -- identifiers of a guest
        kept_rows.email_key,
        kept_rows.phone_key,

        -- status
        case
            when kept_rows.order_status is null then 'unspecified'
            else coalesce(order_statuses.order_status, 'unmapped')
        end as order_status,
        coalesce(order_statuses.is_purchase, kept_rows.order_status is null) as has_purchase_status,

        -- money, in the order's own currency
        {{ currency_code('kept_rows.currency') }} as currency,
        kept_rows.order_total,
        {{ unless_negative('kept_rows.discount_total') }} as discount_total,
        {{ unless_negative('kept_rows.refund_total') }} as refund_total,

        -- strings
        lower(kept_rows.promotion_code) as promotion_code,
        lower(kept_rows.sales_channel) as sales_channel,

        -- timestamps
        kept_rows.ordered_at,
        cast(kept_rows.ordered_at as date) as ordered_on,
        kept_rows.version_at as updated_at,

        line_fingerprints.lines_fingerprint,

        -- what arrived, for rejected_values
        kept_rows.source_contact_id as raw_source_contact_id,
        kept_rows.raw_email,
        kept_rows.raw_phone,
        kept_rows.phone_rejection_reason,
        kept_rows.order_status as raw_order_status,
        kept_rows.currency as raw_currency,
        kept_rows.raw_discount_total,
        kept_rows.raw_refund_total,
        kept_rows.raw_updated_at,
        kept_rows.updated_at as parsed_updated_at

    from kept_rows

    left join line_fingerprints
        on kept_rows.source_system = line_fingerprints.source_system and kept_rows.source_order_id = line_fingerprints.source_order_id

    left join order_statuses on {{ status_spelling('kept_rows.order_status') }} = {{ status_spelling('order_statuses.source_status') }}

)

select * from tidied
