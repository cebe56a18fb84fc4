{%- set counted_actions = [
    'page_views',
    'product_views',
    'article_reads',
    'cart_additions',
    'checkouts',
    'logins',
    'pricing_views',
    'quote_requests',
    'social_engagements',
] -%}

with

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}

),

permissions as (

    select * from {{ ref('crm_segmentation', 'int_traits__consents') }}

),

purchases as (

    select * from {{ ref('crm_segmentation', 'int_traits__purchases') }}

),

categories as (

    select * from {{ ref('crm_segmentation', 'int_traits__categories') }}

),

behaviour as (

    select * from {{ ref('crm_segmentation', 'int_traits__behaviour') }}

),

session_traits as (

    select * from {{ ref('crm_segmentation', 'int_traits__sessions') }}

),

engagement as (

    select * from {{ ref('crm_segmentation', 'int_traits__engagement') }}

),

subscriptions as (

    select * from {{ ref('crm_segmentation', 'int_traits__subscriptions') }}

),

devices as (

    select * from {{ ref('crm_segmentation', 'int_traits__devices') }}

),

timing as (

    select * from {{ ref('crm_segmentation', 'int_traits__timing') }}

),

read_interests as (

    select * from {{ ref('crm_segmentation', 'int_traits__interests') }}

),

carts as (

    select * from {{ ref('crm_segmentation', 'int_traits__carts') }}

),

next_products as (

    select * from {{ ref('crm_segmentation', 'int_traits__next_products') }}

),

seasons as (

    select * from {{ ref('crm_segmentation', 'int_traits__seasons') }}

),

attributes as (

    select * from {{ ref('crm_segmentation', 'int_traits__attributes') }}

),

tags as (

    select * from {{ ref('crm_segmentation', 'int_traits__tags') }}

),

social as (

    select * from {{ ref('crm_segmentation', 'int_traits__social') }}

),

customer_categories as (

    select * from {{ ref('crm_segmentation', 'int_traits__customer_categories') }}

),

lead_scores as (

    select * from {{ ref('crm_segmentation', 'contact_lead_scores') }}

),

activation as (

    select * from {{ ref('crm_segmentation', 'contact_activation') }}

),

rfm_scores as (

    select * from {{ ref('crm_segmentation', 'contact_rfm_scores') }}

),

lifecycle_stages as (

    select * from {{ ref('crm_segmentation', 'contact_lifecycle_stages') }}

),

relations as (

    select * from {{ ref('crm_segmentation', 'int_traits__relations') }}

),

traits as (

    select
        -- contact
        contacts.contact_id,
        contacts.is_erased,
        contacts.email is not null as has_email,
        contacts.phone_e164 is not null as has_phone,
        contacts.source_record_count,
        cast({{ days_ago('contacts.first_seen_at') }} as {{ dbt.type_int() }}) as days_since_first_seen,
        activation.signed_up_on is not null as is_signed_up,
        cast({{ days_ago('activation.signed_up_on') }} as {{ dbt.type_int() }}) as days_since_sign_up,
        contacts.acquisition_source,
        session_traits.first_campaign_id,
        session_traits.last_campaign_id,
        tags.tags,
        coalesce(permissions.may_email, false) as may_email,
        coalesce(permissions.may_sms, false) as may_sms,
        coalesce(permissions.may_push, false) as may_push,

        -- relations
        cast({{ days_ago('relations.last_message_at') }} as {{ dbt.type_int() }}) as days_since_last_message,
        coalesce(subscriptions.subscription_state = 'subscribed', false) as is_subscribed,
        coalesce(relations.has_open_complaint, false) as has_open_complaint,

        -- geographic
        contacts.country_code,
        contacts.region,
        contacts.city,
        contacts.language_code,
        contacts.time_zone,

        -- demographic
        contacts.gender,
        {{ years_ago('contacts.birth_date') }} as age,
        cast(floor({{ years_ago('contacts.birth_date') }} / 10.0) * 10 as {{ dbt.type_int() }}) as age_decade,
        cast(extract(month from contacts.birth_date) as {{ dbt.type_int() }}) as birth_month,
        contacts.education,
        contacts.income_band,
        contacts.job_title,
        contacts.company is not null as is_business,

        -- psychographic
        '|' || lower(contacts.interests) || '|' as interests,
        contacts.lifestyle,
        read_interests.top_topics,
        read_interests.top_viewed_category,

        -- transactional
        cast(coalesce(purchases.order_count, 0) as {{ dbt.type_int() }}) as order_count,
        cast(coalesce(purchases.purchase_count, 0) as {{ dbt.type_int() }}) as purchase_count,
        cast(coalesce(purchases.purchases_90_days, 0) as {{ dbt.type_int() }}) as purchases_90_days,
        cast(coalesce(purchases.purchases_365_days, 0) as {{ dbt.type_int() }}) as purchases_365_days,
        cast(coalesce(purchases.net_spend_total, 0) as numeric(18, 2)) as net_spend_total,
        cast(coalesce(purchases.net_spend_365_days, 0) as numeric(18, 2)) as net_spend_365_days,
        {{ rounded_ratio('purchases.net_spend_total', 'nullif(purchases.purchase_count, 0)', scale=2) }} as average_purchase_amount,
        cast({{ days_ago('purchases.first_purchase_on') }} as {{ dbt.type_int() }}) as days_since_first_purchase,
        cast({{ days_ago('purchases.last_purchase_on') }} as {{ dbt.type_int() }}) as days_since_last_purchase,
        {{ rounded_ratio(
            days_between('purchases.first_purchase_on', 'purchases.last_purchase_on'),
            'nullif(purchases.purchase_count - 1, 0)',
            scale=1,
        ) }} as mean_days_between_purchases,
        cast(coalesce(purchases.refunded_order_count, 0) as {{ dbt.type_int() }}) as refunded_order_count,
        cast(coalesce(purchases.promotion_purchase_count, 0) as {{ dbt.type_int() }}) as promotion_purchase_count,
        purchases.last_sales_channel,
        categories.purchased_categories,
        categories.recent_categories,
        categories.top_category,
        next_products.last_product_id,
        next_products.next_product_id,
        next_products.next_product_support,
        next_products.next_product_lift,
        seasons.top_season,
        seasons.top_season_share,
        coalesce(seasons.black_friday_share, 0) as black_friday_share,
        coalesce(seasons.christmas_share, 0) as christmas_share,
        coalesce(seasons.bought_last_black_friday, false) as bought_last_black_friday,
        seasons.last_seasons_bought,

        -- behavioural
        {%- for action in counted_actions %}
        {%- for days in [7, 30, 90] %}
        cast(coalesce(behaviour.{{ action }}_{{ days }}_days, 0) as {{ dbt.type_int() }}) as {{ action }}_{{ days }}_days,
        {%- endfor %}
        {%- endfor %}
        cast(coalesce(session_traits.session_count, 0) as {{ dbt.type_int() }}) as session_count,
        cast(coalesce(session_traits.sessions_30_days, 0) as {{ dbt.type_int() }}) as sessions_30_days,
        cast(coalesce(session_traits.converted_session_count, 0) as {{ dbt.type_int() }}) as converted_session_count,
        cast(session_traits.sessions_to_first_purchase as {{ dbt.type_int() }}) as sessions_to_first_purchase,
        cast(coalesce(session_traits.active_days_30_days, 0) as {{ dbt.type_int() }}) as active_days_30_days,
        cast(coalesce(session_traits.active_days_90_days, 0) as {{ dbt.type_int() }}) as active_days_90_days,
        cast({{ days_ago('session_traits.last_seen_at') }} as {{ dbt.type_int() }}) as days_since_last_seen,
        timing.most_active_weekday,
        timing.most_active_hour,
        timing.best_email_hour,
        timing.best_sms_hour,
        timing.best_push_hour,
        timing.best_channel,
        coalesce(carts.has_abandoned_cart, false) as has_abandoned_cart,
        cast(coalesce(carts.cart_item_count, 0) as {{ dbt.type_int() }}) as cart_item_count,
        coalesce(carts.cart_value, 0) as cart_value,
        carts.hours_since_cart_addition,

        -- social and other companies
        cast(coalesce(social.social_handle_count, 0) as {{ dbt.type_int() }}) as social_handle_count,
        coalesce(social.has_loyalty_number, false) as has_loyalty_number,
        attributes.loyalty_points,
        attributes.in_market_for,
        attributes.in_market_provider,
        attributes.in_market_party,
        attributes.in_market_age_days,
        attributes.is_home_owner,
        attributes.household_size,
        attributes.attributes,

        -- engagement
        {%- for response in ['received', 'opened', 'clicked', 'replied'] %}
        cast(coalesce(engagement.{{ response }}_count, 0) as {{ dbt.type_int() }}) as messages_{{ response }}_90_days,
        {%- endfor %}
        {%- for channel in ['email', 'sms', 'push'] %}
        {%- for response in ['sent', 'opened', 'clicked', 'replied'] %}
        cast(coalesce(engagement.{{ channel }}_{{ response }}_count, 0) as {{ dbt.type_int() }}) as {{ channel }}_{{ response }}_90_days,
        {%- endfor %}
        {%- endfor %}
        engagement.open_rate,
        engagement.click_rate,
        coalesce(engagement.engagement_level, 'none') as engagement_level,

        -- technographic
        devices.device_type,
        devices.operating_system,
        devices.app_version,
        cast(devices.app_generations_behind as {{ dbt.type_int() }}) as app_generations_behind,
        cast(coalesce(devices.device_type_count, 0) as {{ dbt.type_int() }}) as device_type_count,

        -- value
        rfm_scores.recency_score,
        rfm_scores.frequency_score,
        rfm_scores.monetary_score,
        rfm_scores.rfm_score,
        rfm_scores.rfm_group,
        customer_categories.customer_category,
        lead_scores.lead_score,
        lead_scores.lead_grade,
        lead_scores.is_hot_lead,

        -- journey
        lifecycle_stages.lifecycle_stage,
        lifecycle_stages.days_in_stage as days_in_lifecycle_stage,
        lifecycle_stages.previous_stage as previous_lifecycle_stage,
        lifecycle_stages.funnel_stage,
        lifecycle_stages.days_in_funnel_stage,
        lifecycle_stages.is_beyond_funnel_cycle,
        activation.activation_step,
        activation.next_conversion_point,
        coalesce(subscriptions.subscription_state, 'none') as subscription_state,
        cast({{ days_ago('subscriptions.last_started_at') }} as {{ dbt.type_int() }}) as days_since_subscription_started,
        cast({{ days_ago('subscriptions.last_cancelled_at') }} as {{ dbt.type_int() }}) as days_since_subscription_cancelled

    from contacts

    left join relations on contacts.contact_id = relations.contact_id

    left join permissions on contacts.contact_id = permissions.contact_id

    left join purchases on contacts.contact_id = purchases.contact_id

    left join categories on contacts.contact_id = categories.contact_id

    left join behaviour on contacts.contact_id = behaviour.contact_id

    left join session_traits on contacts.contact_id = session_traits.contact_id

    left join engagement on contacts.contact_id = engagement.contact_id

    left join subscriptions on contacts.contact_id = subscriptions.contact_id

    left join devices on contacts.contact_id = devices.contact_id

    left join timing on contacts.contact_id = timing.contact_id

    left join read_interests on contacts.contact_id = read_interests.contact_id

    left join carts on contacts.contact_id = carts.contact_id

    left join next_products on contacts.contact_id = next_products.contact_id

    left join seasons on contacts.contact_id = seasons.contact_id

    left join attributes on contacts.contact_id = attributes.contact_id

    left join tags on contacts.contact_id = tags.contact_id

    left join social on contacts.contact_id = social.contact_id

    left join customer_categories on contacts.contact_id = customer_categories.contact_id

    left join lead_scores on contacts.contact_id = lead_scores.contact_id

    left join activation on contacts.contact_id = activation.contact_id

    left join rfm_scores on contacts.contact_id = rfm_scores.contact_id

    left join lifecycle_stages on contacts.contact_id = lifecycle_stages.contact_id

)

select * from traits
